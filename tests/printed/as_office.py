"""Notations of office programs, and data."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import xlsxwriter
from docx import Document
from docx.oxml import parse_xml

from tests.printed.page import Paragraph
from workbook_tool.renderers.pdf import as_pdf

if TYPE_CHECKING:
    from random import Random

    from tests.printed.page import Printed, Sheet, Slot

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_BOX = (
    '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
    "<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)
_CHANGED = (
    '<w:del w:id="1" w:author="a"><w:r><w:delText>{old}</w:delText></w:r></w:del>'
    '<w:ins w:id="2" w:author="a"><w:r><w:t xml:space="preserve">{new}</w:t></w:r></w:ins>'
)
_RUN = '<w:r><w:t xml:space="preserve">{new}</w:t></w:r>'


def as_docx(page: Printed, random: Random) -> bytes:
    """A Word document with merged cells, a change that is not yet accepted, and perhaps a text box."""
    document = Document()
    body = document.element.body
    changed = random.choice([slot for sheet in page.sheets for slot in sheet.figures])
    in_box = random.random() < 0.3
    content = _article(page, changed, in_box=in_box)
    if page.beside:
        cells = (content, _article(page.beside, changed, in_box=in_box))
        content = f"<w:tbl><w:tr>{''.join(f'<w:tc>{cell}<w:p/></w:tc>' for cell in cells)}</w:tr></w:tbl>"
    for element in list(parse_xml(f"<w:body {_W}>{content}</w:body>")):
        body.insert(len(body) - 1, element)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_printed_docx(page: Printed, random: Random) -> bytes:
    """The Word document as LibreOffice prints it."""
    return as_pdf(as_docx(page, random))


def as_foreign_workbook(page: Printed, random: Random) -> bytes:
    """A workbook of one sheet, or of a sheet for each section."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    apart = random.random() < 0.3
    sheet, top = book.add_worksheet(), 0
    for block in page.blocks:
        if isinstance(block, Paragraph):
            if apart and block.role == "heading" and top > 4:
                sheet, top = book.add_worksheet(), 0
            sheet.write_string(top, 0, block.text)
            top += 1
            continue
        for slot in block.slots:
            row, column = top + slot.row, slot.column
            number = int(slot.text) if slot.text.isascii() and slot.text.isdigit() else slot.text
            if slot.height > 1 or slot.width > 1:
                sheet.merge_range(row, column, row + slot.height - 1, column + slot.width - 1, number)
            elif number != "":
                sheet.write(row, column, number)
        top += block.height
    book.close()
    return stream.getvalue()


def as_data(page: Printed, random: Random) -> bytes:
    """Our own JSON: of irregularities it shows only which cells there are."""
    report = page.report
    cells = {
        cell: figure if figure is None or report.form.cells[cell].kind != "money" else str(figure)
        for cell, figure in page.truth.items()
    }
    content = {
        "schema": "wb-tool/report/1",
        "edition": report.form.edition,
        "year": report.year,
        "agency": report.agency,
        "cells": cells,
        "narratives": dict(report.narratives),
    }
    return json.dumps(content, ensure_ascii=random.random() < 0.5).encode()


def _article(page: Printed, changed: Slot, *, in_box: bool) -> str:
    parts = []
    for block in page.blocks:
        if not isinstance(block, Paragraph):
            parts += [_table(block, changed), "<w:p/>"]
        elif block.role == "title" and in_box:
            parts.append(_BOX.format(text=escape(block.text)))
        else:
            style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if block.role == "heading" else ""
            parts.append(f"<w:p>{style}{_RUN.format(new=escape(block.text))}</w:p>")
    return "".join(parts)


def _table(sheet: Sheet, changed: Slot) -> str:
    rows = []
    for number in range(sheet.height):
        cells = [slot for slot in sheet.slots if slot.covers_row(number)]
        cells.sort(key=lambda slot: slot.column)
        rows.append("".join(_tc(slot, number, is_changed=slot is changed) for slot in cells))
    grid = "<w:gridCol/>" * sheet.width
    content = "".join(f"<w:tr>{row}</w:tr>" for row in rows if row)
    borders = f"<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>"
    return f"<w:tbl>{borders}<w:tblGrid>{grid}</w:tblGrid>{content}</w:tbl>"


def _tc(slot: Slot, row: int, *, is_changed: bool) -> str:
    merged = "" if slot.height == 1 else f'<w:vMerge w:val="{"restart" if row == slot.row else "continue"}"/>'
    span = f'<w:gridSpan w:val="{slot.width}"/>' if slot.width > 1 else ""
    lines = slot.text.split("\n") if row == slot.row else [""]
    run = _CHANGED if is_changed else _RUN
    paragraphs = "".join(f"<w:p>{run.format(old=9, new=escape(line))}</w:p>" for line in lines)
    return f"<w:tc><w:tcPr>{span}{merged}</w:tcPr>{paragraphs}</w:tc>"
