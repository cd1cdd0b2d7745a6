"""Findings as plain text, grouped by sheet: where, what is wrong, what to do."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.checks.verdict import Verdict
    from workbook_tool.rules import Finding

_SEVERITY = {
    "error": Phrase("× 错误", "× error"),
    "warning": Phrase("! 警告", "! warning"),
    "notice": Phrase("· 提示", "· notice"),
}
_STATUS = {
    "pass": Phrase("通过", "passed"),
    "warn": Phrase("有警告", "with warnings"),
    "fail": Phrase("不通过", "failed"),
    "unreadable": Phrase("读不出", "unreadable"),
}
_WHOLE_FILE = Phrase("整个文件", "the whole file")
_EDITION = Phrase("{edition}年版", "edition {edition}")
_YEAR = Phrase("{year}年度", "report on {year}")
_COMPARED = Phrase("应为 {expected}，现为 {found}", "expected {expected}, found {found}")
_DIFFERENCE = Phrase("，相差 {difference}", ", difference {difference}")
_EXPLAINED = Phrase("已说明：{text}", "explained: {text}")
_CLEAN = Phrase("没有发现问题。", "Nothing to report.")
_COUNTS = Phrase(
    "错误 {error}，警告 {warning}，提示 {notice}", "errors {error}, warnings {warning}, notices {notice}"
)
_OF_THEM_EXPLAINED = Phrase("（警告中 {count} 条已说明）", " ({count} of the warnings explained)")
_SUMMARY = Phrase("共 {total} 个文件：{counts}。", "Files: {total}; {counts}.")
_BLANK = Phrase("(空白)", "(blank)")


def report_terminal(verdicts: Iterable[Verdict], language: str) -> Iterator[str]:
    """The lines of the report; each file's as soon as it is judged, one line of summary at the end."""
    counts = dict.fromkeys(_STATUS, 0)
    for verdict in verdicts:
        counts[verdict.status] += 1
        yield from _file(verdict, language)
        yield ""
    parts = [f"{_STATUS[status].say(language)} {number}" for status, number in counts.items()]
    separator = ", " if language == "en" else "，"
    yield _SUMMARY.say(language).format(total=sum(counts.values()), counts=separator.join(parts))


def _file(verdict: Verdict, language: str) -> Iterator[str]:
    head = [f"{verdict.file}  {_STATUS[verdict.status].say(language)}"]
    subject = verdict.subject
    if subject:
        head.append(_EDITION.say(language).format(edition=subject.edition))
        head += [subject.agency] if subject.agency else []
        head += [_YEAR.say(language).format(year=subject.year)] if subject.year else []
    yield " · ".join(head)
    by_sheet: dict[str, list[Finding]] = {}
    for finding in verdict.findings:
        by_sheet.setdefault(finding.place.sheet or _WHOLE_FILE.say(language), []).append(finding)
    for sheet, findings in by_sheet.items():
        yield ""
        yield f"  【{sheet}】"
        for finding in findings:
            yield from _finding(finding, language)
    if not verdict.findings:
        yield f"  {_CLEAN.say(language)}"
        return
    numbers = {name: sum(f.severity == name for f in verdict.findings) for name in _SEVERITY}
    explained = sum(bool(finding.explained) for finding in verdict.findings)
    yield ""
    counts = _COUNTS.say(language).format(**numbers)
    yield f"  {counts}" + (_OF_THEM_EXPLAINED.say(language).format(count=explained) if explained else "")


def _finding(finding: Finding, language: str) -> Iterator[str]:
    place = finding.place
    where = "  ".join(part for part in (place.cell, place.words.say(language)) if part)
    yield f"  {_SEVERITY[finding.severity].say(language)} {finding.rule} {finding.title(language)}"
    if where:
        yield f"      {where}"
    yield f"      {finding.message(language)}"
    if _compares(finding):
        yield f"      {_comparison(finding, language)}"
    for suggestion in finding.suggestions:
        yield f"      {suggestion.say(language)}"
    if finding.explained:
        yield f"      {_EXPLAINED.say(language).format(text=finding.explained)}"
    else:
        yield f"      → {finding.fix(language)}"


def _compares(finding: Finding) -> bool:
    """Whether expected and found add anything to the message."""
    said = finding.entry.message.zh
    return (
        bool(finding.expected) and finding.found is not None and not {"{found}", "{left}"} & set(_named(said))
    )


def _named(template: str) -> list[str]:
    return [f"{{{name}}}" for _, name, _, _ in Formatter().parse(template) if name]


def _comparison(finding: Finding, language: str) -> str:
    found = finding.found or _BLANK.say(language)
    text = _COMPARED.say(language).format(expected=finding.expected, found=found)
    difference = finding.details.get("difference")
    return text + (_DIFFERENCE.say(language).format(difference=difference) if difference else "")
