"""检查结果: the first sheet of a workbook with its findings marked, and reading the reasons given there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from workbook_tool.checks.verdict import summed_up
from workbook_tool.excel.layout import Spot
from workbook_tool.forms import workbook_data
from workbook_tool.phrase import Phrase
from workbook_tool.rules import LEVELS, SYMBOLS, Explanation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlsxwriter.worksheet import Worksheet

    from workbook_tool.excel.book import Book, Sheet
    from workbook_tool.excel.desk import Desk
    from workbook_tool.excel.marks import Marks
    from workbook_tool.rules import Finding

_HEAD = 3
_LINE_HEIGHT = 14
_LATIN = 0xFF
_LONGEST_TEXT = 32_767


def results_sheet(desk: Desk) -> Worksheet:
    """The sheet, the first of the workbook; it is filled last, when it is known where everything stands."""
    title = workbook_data()["sheets"]["results"]
    return desk.sheet(title, heading=title, landscape=True)


def write_results(desk: Desk, sheet: Worksheet, marks: Marks) -> None:
    """Fill the sheet: every finding, grouped by sheet, each with a link to its cell."""
    title = workbook_data()["sheets"]["results"]
    columns = _columns()
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column["width"])
    last = len(columns) - 1
    guide = _said("guide", marks)
    for row, (text, style, height) in enumerate(
        (
            (title, "title", 40),
            (summed_up(marks.listed, marks.language), "subtitle", 26),
            (guide, "guide", 6 + 15 * lines_taken(guide, sum(column["width"] for column in columns))),
        )
    ):
        sheet.merge_range(row, 0, row, last, text, desk.styles[style])
        sheet.set_row(row, height)
    labels = [Phrase(**column["label"]).say(marks.language) for column in columns]
    for number, label in enumerate(labels):
        sheet.write_string(_HEAD, number, label, desk.styles["result_head"])
    lines = max(lines_taken(label, column["width"]) for label, column in zip(labels, columns, strict=True))
    sheet.set_row(_HEAD, 6 + lines * _LINE_HEIGHT)
    row = _HEAD + 1
    for group, findings in _groups(marks):
        sheet.merge_range(row, 0, row, last, group, desk.styles["result_group"])
        sheet.set_row(row, 20)
        row += 1
        for finding in findings:
            _write_finding(desk, sheet, row, marks, finding)
            row += 1
    sheet.print_area(0, 0, row - 1, last)
    sheet.repeat_rows(_HEAD)
    sheet.freeze_panes(_HEAD + 1, 0)
    sheet.activate()
    sheet.set_first_sheet()


def read_reasons(book: Book) -> tuple[Explanation, ...]:
    """The reasons that stand beside warnings; found by the headings of their columns, in either language."""
    found = {sheet.title: tuple(_reasons_on(sheet)) for sheet in book.sheets}
    given = {title: reasons for title, reasons in found.items() if reasons}
    ours = workbook_data()["sheets"]["results"]
    # A second such sheet came from another workbook.
    return given.get(ours) or (next(iter(given.values())) if len(given) == 1 else ())


def _reasons_on(sheet: Sheet) -> Iterator[Explanation]:
    for language in ("zh", "en"):
        labels = _labels(language)
        if labels["reason"] not in sheet.texts:
            continue
        spots = {name: sheet.texts.get(label, [None])[0] for name, label in labels.items()}
        head = spots["reason"]
        at = [spots[name] for name in ("rule", "place", "reason", "figures")]
        if head is None or any(spot is None or spot.row != head.row for spot in at):
            continue
        for row in sorted({spot.row for spot in sheet.cells if spot.row > head.row}):
            rule, place, text, figures = (sheet[Spot(row, spot.column)].text.strip() for spot in at if spot)
            if rule and text:
                yield Explanation(rule, place, text, figures)


@cache
def _labels(language: str) -> Mapping[str, str]:
    return {column["id"]: Phrase(**column["label"]).say(language) for column in _columns()}


def _columns() -> Sequence[Mapping[str, Any]]:
    return workbook_data()["results"]["column"]  # type: ignore[no-any-return]  # TOML is not typed


def _said(name: str, marks: Marks) -> str:
    return Phrase(**workbook_data()["results"][name]).say(marks.language)


def _groups(marks: Marks) -> Iterator[tuple[str, Sequence[Finding]]]:
    """The findings by the sheet that they are about, and last those that are mended already."""
    groups: dict[str, list[Finding]] = {}
    for finding in marks.listed:
        target = marks.target(finding)
        groups.setdefault(target.sheet if target else _said("whole", marks), []).append(finding)
    yield from groups.items()
    if marks.mended:
        yield _said("mended", marks), marks.mended


def _write_finding(desk: Desk, sheet: Worksheet, row: int, marks: Marks, finding: Finding) -> None:
    language, mended = marks.language, finding in marks.mended
    target = None if mended else marks.target(finding)
    severity = LEVELS[finding.severity].say(language)
    advice = [suggestion.say(language) for suggestion in finding.suggestions]
    texts = {
        "severity": f"{SYMBOLS[finding.severity]} {severity}",
        "rule": finding.rule,
        "place": finding.place.words.say(language) or finding.place.sheet or "",
        "message": f"{finding.title(language)}\n{finding.message(language)}",
        # Of an equation they are its two sides, not what the cell should hold.
        "expected": "" if "equation" in finding.details else finding.expected or "",
        "found": "" if "equation" in finding.details else finding.found or "",
        "difference": str(finding.details.get("difference", "")),
        "fix": "" if mended else "\n".join([*advice, finding.fix(language)]),
        "reason": "" if mended else finding.explained or "",
        "figures": "" if mended else finding.figures.say(language),
    }
    height = 0.0
    for number, column in enumerate(_columns()):
        name = column["id"]
        if name == "cell":
            if target:
                # A link as long as Excel allows, to a sheet whose name may hold spaces.
                link = f"internal:'{target.sheet}'!{target.spot.a1}"
                sheet.write_url(row, number, link, desk.styles["result_link"], target.spot.a1)
            else:
                sheet.write_blank(row, number, None, desk.styles["result"])
            continue
        text = texts[name][:_LONGEST_TEXT]
        open_to_staff = name == "reason" and finding.severity == "warning" and not mended
        style = desk.styles["short_text" if open_to_staff else "result"]
        if text:
            sheet.write_string(row, number, text, style)
        else:
            sheet.write_blank(row, number, None, style)
        height = max(height, lines_taken(text, column["width"]) * _LINE_HEIGHT)
    sheet.set_row(row, min(max(height + 6, 20), 400))


def lines_taken(text: str, width: float) -> int:
    """How many lines `text` takes in a column: full-width characters count two units, others one."""
    room = max(width - 1, 1)
    return sum(
        1 + int(sum(2 if ord(character) > _LATIN else 1 for character in line) // room)
        for line in text.split("\n")
    )
