"""The figures and texts for machines: JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook_tool.fingerprint import digest
from workbook_tool.narrative.fields import fill
from workbook_tool.report import plain

if TYPE_CHECKING:
    from workbook_tool.forms import Cell
    from workbook_tool.report import Report

SCHEMA = "wb-tool/report/1"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def export_json(report: Report) -> str:
    """The report as JSON: a blank is null, money is a string, an undecided cell is left out."""
    report = fill(report)
    content = {
        "schema": SCHEMA,
        "edition": report.form.edition,
        "year": report.year,
        "agency": report.agency,
        "cells": {cell.id: _for_json(cell, figure) for cell, figure in report.values.items()},
        "narratives": dict(report.narratives),
        "opening": report.opening,
        "digest": digest(report),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def export_csv(report: Report, language: str = "zh") -> str:
    """One row a figure: id, place in words, value. Opens as Chinese in Excel, which needs the mark."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(["agency", "year", "edition", "id", "place", "value"])
    subject = [safe_text(report.agency), report.year or "", report.form.edition]
    for cell, figure in report.values.items():
        writer.writerow([*subject, cell.id, cell.where.say(language), plain(figure)])
    return "\ufeff" + stream.getvalue()


def _for_json(cell: Cell, figure: int | Decimal | None) -> int | str | None:
    if figure is None:
        return None
    return plain(figure) if cell.kind == "money" or isinstance(figure, Decimal) else figure


def safe_text(text: str) -> str:
    """`text` so that a spreadsheet will not take it for a formula."""
    is_formula = text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if is_formula else text
