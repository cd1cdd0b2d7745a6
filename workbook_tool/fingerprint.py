"""What a report says, as one short word: the same over every resave, conversion and copy."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.narrative.fields import printed_texts
from workbook_tool.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form
    from workbook_tool.report import Report


def digest(report: Report) -> str:
    """Sixteen hexadecimal digits over agency, year, edition, figures and texts.

    Two files with the same digest say the same. Compatibility forms and spaces do not count, a
    blank and a zero do; a total counts as it is stated, a field as the figure that it prints.
    """
    printed = printed_texts(report)
    content = {
        "agency": _json(_bare(report.agency)),
        "cells": _object(
            # Of so many, whose names and figures are plain, nothing has to be escaped.
            key + _figure(report.values[cell])
            for cell, key in _keys(report.form)
            if cell in report.values
        ),
        "edition": _json(report.form.edition),
        "narratives": _json({section: _bare(printed[section].text) for section in report.narratives}),
        "year": _json(report.year),
    }
    canonical = _object(f'"{name}":{said}' for name, said in content.items())
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _object(members: Iterable[str]) -> str:
    return f"{{{','.join(members)}}}"


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _figure(figure: int | Decimal | None) -> str:
    return "null" if figure is None else f'"{plain(figure)}"'


@cache
def _keys(form: Form) -> tuple[tuple[Cell, str], ...]:
    """The cells of `form` in the order of their ids, each with its key."""
    return tuple((cell, f'"{cell}":') for cell in sorted(form.cells.values()))


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
