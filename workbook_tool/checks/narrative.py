"""N-02, N-03, N-04 and N-09: the figures of the prose agree with the tables and with each other."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from workbook_tool.checks.agreement import agreements
from workbook_tool.checks.quotation import MOST, quoted
from workbook_tool.narrative.facts import names_fee
from workbook_tool.narrative.fields import printed_texts
from workbook_tool.narrative.stated import facts_of
from workbook_tool.narrative.sums import sums_in
from workbook_tool.phrase import NOWHERE, Phrase
from workbook_tool.report import plain
from workbook_tool.rules import Finding, Passage, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.checks.agreement import Agreement
    from workbook_tool.report import Report

_FEE_STATED_SINCE = 2021
"""国办函〔2020〕109号 is in force since 2021."""

_FEE = {
    "fee.notices": Phrase("发出收费通知的件数", "the number of notices"),
    "fee.charged": Phrase("收费通知的总金额", "the amount of the notices"),
    "fee.collected": Phrase("实际收取的总金额", "the amount collected"),
}
_UNPAID = "t3.outcome.other.fee_unpaid.total"


def check_figures(report: Report) -> Iterator[Finding]:
    """Every figure of the prose that names a line of the form is that line's figure, and so is 未收到."""
    told: dict[str, set[tuple[object, ...]]] = {}
    for agreement in agreements(report):
        if agreement.holds:
            continue
        before = told.setdefault(agreement.passage.text, set())
        key = (agreement.passage, agreement.line.cells)
        if key not in before and len(before) < MOST:
            before.add(key)
            yield _disagreement(report, agreement)


def _disagreement(report: Report, agreement: Agreement) -> Finding:
    fact, lines = agreement.fact, agreement.lines
    rule, case = "N-02", ""
    if fact.is_absence:
        rule = "N-03"
    elif fact.value and not any(line.figure for line in lines):
        rule, case = "N-03", "stated"
    elif len(lines) > 1:
        case = "several"
    details: dict[str, str | Phrase] = {
        "clause": agreement.clause,
        "printed": _printed(agreement.printed),
        "line": lines[0].words,
        "figure": plain(lines[0].figure),
        "lines": Phrase(*(_listed(agreement, language) for language in ("zh", "en"))),
    }
    return Finding(
        rule,
        report.passage_place(agreement.passage),
        case,
        ids=tuple(dict.fromkeys(cell.id for line in lines for cell in line.cells)),
        expected="/".join(dict.fromkeys(plain(line.figure) for line in lines)),
        found=fact.words,
        details=details,
        passage=agreement.passage,
    )


def _printed(figure: str) -> Phrase:
    """What is printed where a field stands; nothing where the figure itself does."""
    return Phrase(f"，印出来是 {figure}", f", printed as {figure}") if figure else NOWHERE


def _listed(agreement: Agreement, language: str) -> str:
    between = "；" if language == "zh" else "; "
    return between.join(f"{line.words.say(language)} {plain(line.figure)}" for line in agreement.lines)


def check_sums(report: Report) -> Iterator[Finding]:
    """Parts that the prose enumerates add up to the whole that it names (网上105、快递17, 共122)."""
    for text_id, printed in printed_texts(report).items():
        text = report.texts[text_id]
        for whole, parts in islice(sums_in(printed.text, report.year), MOST):
            together = sum(part.value for part in parts)
            first, last = printed.written(min(whole.start, parts[0].start), max(whole.end, parts[-1].end))
            passage = Passage(text_id, first, last)
            yield Finding(
                "N-04",
                report.passage_place(passage),
                expected=plain(whole.value),
                found=plain(together),
                details={
                    "context": quoted(text, first, last),
                    "parts": "＋".join(plain(part.value) for part in parts),
                },
                passage=passage,
            )


def check_fee(report: Report) -> Iterator[Finding]:
    """The prose states the 信息处理费: notices, their amount, the amount collected; none need be named twice.

    With nothing charged one statement says it all. Requests that ended unpaid mean that notices were sent.
    """
    if report.year is None or report.year < _FEE_STATED_SINCE:
        return
    section = next((section for section in report.form.narratives if section.id == "s6"), None)
    if section is None or not report.narratives.get(section.id, "").strip():
        return
    stated: dict[str, tuple[Passage, object]] = {}
    for text_id, fact, _ in facts_of(report):
        for target in fact.targets:
            if target.name in _FEE:
                stated.setdefault(target.name, (Passage(text_id, fact.start, fact.end), fact.value))
    place = Place(section.name, _sheet_of(report))
    if not stated:
        # A statement that is last year's, or not understood, is a statement still.
        if not any(names_fee(text, report.year) for text in report.texts.values()):
            yield Finding("N-09", place)
        return
    missing = [words for name, words in _FEE.items() if name not in stated]
    if missing and any(value for _, value in stated.values()):
        words = Phrase("、".join(m.zh for m in missing), ", ".join(m.en for m in missing))
        yield Finding("N-09", place, "incomplete", details={"missing": words})
    yield from _unpaid(report, stated)


def _unpaid(report: Report, stated: dict[str, tuple[Passage, object]]) -> Iterator[Finding]:
    unpaid = report.form.cells.get(_UNPAID)
    figure = report.values.get(unpaid) if unpaid else None
    notices = stated.get("fee.notices")
    if unpaid and figure and notices and notices[1] == 0:
        passage = notices[0]
        details = {"figure": plain(figure)}
        found = report.texts[passage.text][passage.start : passage.end]
        place = report.passage_place(passage)
        yield Finding("N-09", place, "unpaid", (unpaid.id,), found=found, details=details, passage=passage)


def _sheet_of(report: Report) -> str | None:
    """The sheet of section 六, if the report was read from one."""
    stood = report.paragraphs.get("s6")
    return stood[0].sheet or None if stood else None
