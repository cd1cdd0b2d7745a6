"""The sheets of prose: instructions, the narrative sections, and the explanations of warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.errors import WorkbookToolError
from workbook_tool.excel.layout import Spot
from workbook_tool.excel.marks import HEAD
from workbook_tool.excel.results_sheet import lines_taken
from workbook_tool.forms import workbook_data
from workbook_tool.report import OPENING, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.worksheet import Worksheet

    from workbook_tool.excel.desk import Desk
    from workbook_tool.forms import Section

_LABEL, _TEXT, _GUIDE = 0, 1, 2
_FIRST_BLOCK = 3
_ROWS_PER_BLOCK = 5
_LABEL_WIDTH = 16
_TEXT_WIDTH = 74
_CHARACTERS_A_LINE = 33
_LINE_HEIGHT = 18
_GUIDE_LINE = 16
_LATIN = 0xFF
_HEAD_HEIGHT = 24
_OPENING_WORDS = 16
_TELLING = 4
"""The last words of a label tell what a block is about: 平台建设, 主要问题."""
_EXPLANATION_ROWS = 30
_FIGURES = 3
"""The column of explanations that the program fills in."""
EXCEL_TEXT_LIMIT = 32_767
"""The most characters a cell holds."""


def write_guide(desk: Desk) -> None:
    """Add the sheet on how to fill in the workbook."""
    data = workbook_data()
    title = data["sheets"]["guide"]
    sheet = desk.sheet(title, heading=title)
    sheet.set_column(0, 0, 76)
    sheet.write_string(0, 0, title, desk.styles["title"])
    sheet.set_row(0, 48)
    lines = [line for part in data["guide"] for line in part["lines"]]
    for row, line in enumerate(lines, start=1):
        heading = line.startswith("# ")
        text = line.removeprefix("# ")
        sheet.set_row(row, 34 if heading else _height(text) + 4)
        sheet.write_string(row, 0, text, desk.styles["line_heading" if heading else "line"])
    sheet.print_area(0, 0, len(lines), 0)


def write_narrative(desk: Desk, section: Section) -> None:
    """Add the sheet of a narrative section: labelled blocks, a paragraph a row."""
    sheet = desk.sheet(section.tab, heading=section.heading, growing_from=_FIRST_BLOCK)
    for column, width in ((_LABEL, _LABEL_WIDTH), (_TEXT, _TEXT_WIDTH), (_GUIDE, 34)):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, _LABEL, 0, _GUIDE, section.heading, desk.look("heading", section.id))
    desk.note(sheet, HEAD, section.id)
    sheet.set_row(0, 26)
    # No wider than what is printed, and as high as it needs there.
    guide = f"{section.guide}\n{desk.words['more_rows']}"
    sheet.merge_range(1, _LABEL, 1, _TEXT, guide, desk.styles["guide"])
    sheet.set_row(1, 6 + _GUIDE_LINE * lines_taken(guide, _LABEL_WIDTH + _TEXT_WIDTH))
    sheet.set_row(_FIRST_BLOCK - 1, _HEAD_HEIGHT)
    heads = (desk.words["block"], desk.words["text"], desk.words["guide"])
    for column, text in enumerate(heads):
        sheet.write_string(2, column, text, desk.styles["text_head"])
    row = _FIRST_BLOCK
    for name, words, lines in _blocks(desk, section):
        _write_block(desk, sheet, row, words, lines, OPENING if name == OPENING else section.id)
        for i in range(len(lines)):
            desk.name(f"{name}__{i + 1}", sheet, Spot(row + i, _TEXT))
        row += len(lines)
    sheet.print_area(0, _LABEL, row - 1, _TEXT)
    sheet.repeat_rows(2)
    sheet.freeze_panes(_FIRST_BLOCK, 0)


def _blocks(desk: Desk, section: Section) -> Iterator[tuple[str, tuple[str, str], list[Paragraph]]]:
    """Each block's name, its label and guidance, and its rows: paragraphs, and room for more."""
    if section is desk.report.form.narratives[0]:
        words = (desk.words["opening"], desk.words["opening_guide"])
        yield OPENING, words, _opening(desk)
    laid_out = _as_laid_out(desk, section)
    if laid_out is None:
        shared_out = _share_out(section, _paragraphs(desk.report.narratives.get(section.id, "")))
        laid_out = [[_plain(text) for text in share] for share in shared_out]
    for block, lines in zip(section.blocks, laid_out, strict=True):
        room = max(_ROWS_PER_BLOCK - len(lines), 1)
        yield f"{section.id}__{block.id}", (block.label, block.guide), lines + [_plain("")] * room


def _opening(desk: Desk) -> list[Paragraph]:
    """The paragraphs of the opening, as they stood in the workbook that was read."""
    stood = [p for p in desk.report.paragraphs.get(OPENING, ()) if p.is_read]
    texts = _paragraphs(desk.report.opening) or [""]
    return stood if [p.content for p in stood] == texts else [_plain(text) for text in texts]


def _plain(text: str) -> Paragraph:
    return Paragraph("", text, "", is_read=True)


def _as_laid_out(desk: Desk, section: Section) -> list[list[Paragraph]] | None:
    """The paragraphs of each block as they stood in the workbook that was read, if they are the same still.

    What is no text to be read is put back only where findings are marked.
    """
    stood = desk.report.paragraphs.get(section.id, ())
    text = "\n".join(str(p.content) for p in stood if p.is_read)
    order = [block.id for block in section.blocks]
    places = [order.index(p.block) for p in stood]
    if not stood or text != desk.report.narratives.get(section.id) or places != sorted(places):
        return None
    return [[p for p in stood if p.block == name and (p.is_read or desk.marks)] for name in order]


def _share_out(section: Section, paragraphs: list[str]) -> list[list[str]]:
    """The paragraphs for each block, in an order that reads back the same.

    A paragraph that begins with what a later block is about goes there, and so do those after it.
    What fits no block goes to the free one, from where there is no way back if it comes last.
    """
    blocks = section.blocks
    free = next(number for number, block in enumerate(blocks) if block.free)
    shares: list[list[str]] = [[] for _ in blocks]
    current = -1
    for paragraph in paragraphs:
        start = paragraph[:_OPENING_WORDS]
        later = range(max(current, 0), len(blocks))
        about = next((n for n in later if blocks[n].label[-_TELLING:] in start and not blocks[n].free), None)
        if about is not None:
            current = about
        elif current < 0:
            current = free
        shares[current].append(paragraph)
    return shares


def _write_block(
    desk: Desk, sheet: Worksheet, row: int, words: tuple[str, str], lines: list[Paragraph], text: str
) -> None:
    for i, line in enumerate(lines):
        sheet.set_row(row + i, _height(str(line.content)))
        look = desk.look("text", f"{text}@{line.cell}")
        if line.cell:
            desk.note(sheet, Spot(row + i, _TEXT), f"{text}@{line.cell}")
        if isinstance(line.content, str) and line.content:
            sheet.write_string(row + i, _TEXT, line.content, look)
        elif line.content != "":
            sheet.write_number(row + i, _TEXT, line.content, look)
        else:
            sheet.write_blank(row + i, _TEXT, None, look)
    for column, caption, style in ((_LABEL, words[0], "label"), (_GUIDE, words[1], "text_guide")):
        if len(lines) > 1:
            sheet.merge_range(row, column, row + len(lines) - 1, column, caption, desk.styles[style])
        else:
            sheet.write_string(row, column, caption, desk.styles[style])


def _height(paragraph: str) -> float:
    """The height that `paragraph` takes: full-width characters count one, others half."""
    width = sum(1.0 if ord(character) > _LATIN else 0.5 for character in paragraph)
    return 6 + _LINE_HEIGHT * max(1, -(-int(width + 0.5) // _CHARACTERS_A_LINE))


def _paragraphs(text: str) -> list[str]:
    paragraphs = text.split("\n") if text else []
    for paragraph in paragraphs:
        if len(paragraph) > EXCEL_TEXT_LIMIT:
            message = (
                f"有一段超过 {EXCEL_TEXT_LIMIT} 字,放不进一格,请分段 (paragraph too long): {paragraph[:20]}…"
            )
            raise WorkbookToolError(message)
    return paragraphs


def write_explanations(desk: Desk) -> None:
    """Add the sheet where a unit explains warnings."""
    words = desk.words
    title = workbook_data()["sheets"]["explanations"]
    sheet = desk.sheet(title, heading=title, growing_from=_FIRST_BLOCK)
    widths = (11, 30, 42, 18)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, 3, title, desk.styles["heading"])
    sheet.set_row(0, 26)
    sheet.merge_range(1, 0, 1, 3, words["explain_guide"], desk.styles["guide"])
    sheet.set_row(1, 6 + _GUIDE_LINE * lines_taken(words["explain_guide"], sum(widths)))
    sheet.set_row(_FIRST_BLOCK - 1, _HEAD_HEIGHT)
    for column, key in enumerate(("explain_rule", "explain_place", "explain_text", "explain_figures")):
        sheet.write_string(2, column, words[key], desk.styles["text_head"])
    given = desk.marks.explanations() if desk.marks else desk.report.explanations
    rows = max(_EXPLANATION_ROWS, len(given) + 10)
    for i in range(rows):
        entry = given[i] if i < len(given) else ("", "", "", "")
        sheet.set_row(_FIRST_BLOCK + i, _height(entry[2] * 2))
        for column, text in enumerate(entry):
            style = desk.styles["short_text" if column < _FIGURES else "text_guide"]
            if text:
                sheet.write_string(_FIRST_BLOCK + i, column, text, style)
            else:
                sheet.write_blank(_FIRST_BLOCK + i, column, None, style)
    names = ("explanations__rule", "explanations__place", "explanations__text")
    for column, name in enumerate(names):
        desk.name(name, sheet, Spot(_FIRST_BLOCK, column))
    sheet.repeat_rows(2)
    sheet.freeze_panes(_FIRST_BLOCK, 0)
