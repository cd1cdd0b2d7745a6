"""What a report says, as one short word: the same over every resave, conversion and copy."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import TYPE_CHECKING

from workbook_tool.narrative.fields import printed_texts
from workbook_tool.report import plain

if TYPE_CHECKING:
    from workbook_tool.report import Report


def digest(report: Report) -> str:
    """Sixteen hexadecimal digits over agency, year, edition, figures and texts.

    Two files with the same digest say the same. Compatibility forms and spaces do not count, a
    blank and a zero do; a total counts as it is stated, a field as the figure that it prints.
    """
    printed = printed_texts(report)
    content = {
        "agency": _bare(report.agency),
        "year": report.year,
        "edition": report.form.edition,
        "cells": {cell: None if figure is None else plain(figure) for cell, figure in report.values.items()},
        "narratives": {section: _bare(printed[section].text) for section in report.narratives},
    }
    canonical = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
