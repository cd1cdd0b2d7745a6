"""How a workbook writes addresses, texts, numbers and dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from workbook_tool.excel.book import Area
from workbook_tool.excel.layout import Spot, column_number

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_UNKNOWN = "\ufffd"
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))
"""Halves of characters, which no text can hold."""

_FIRST_DATE = datetime(1899, 12, 30)  # noqa: DTZ001  # a spreadsheet has no time zones
_LAST_DATE = 2_958_466
_LEAP_DAY = 60
"""1900-02-29, which there never was and which every spreadsheet counts."""


def unescaped(text: str) -> str:
    """`text` with the ``_x000D_`` notation for characters that XML cannot carry resolved."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return _UNKNOWN if character in _SURROGATES else character


def moment_of(serial: float) -> str:
    """The date or time that a spreadsheet shows for a number."""
    if not 0 <= serial < _LAST_DATE:
        return f"{serial:g}"
    moment = _FIRST_DATE + timedelta(days=serial + (1 <= serial < _LEAP_DAY))
    return f"{moment:%Y-%m-%d}" if serial >= 1 else f"{moment:%H:%M}"


@lru_cache(maxsize=8192)
def spot_of(address: str) -> Spot | None:
    """The position of an address such as ``D8`` (or ``$D$8``)."""
    found = _ADDRESS.fullmatch(address.replace("$", "").upper())
    if not found:
        return None
    return Spot(int(found[2]) - 1, column_number(found[1]))


def area_of(reference: str) -> Area | None:
    """The area of a reference such as ``D8:F9``."""
    first, _, last = reference.partition(":")
    start, stop = spot_of(first), spot_of(last or first)
    return Area(start, stop) if start and stop else None


@lru_cache(maxsize=4096)
def index_of(text: str) -> int:
    """The number of a shared string; what is not plain digits is none."""
    if not (text.isascii() and text.isdigit()):
        message = f"not an index: {text[:20]}"
        raise ValueError(message)
    return int(text)


def number_of(text: str) -> int | float:
    """A number as the format writes it, in plain ASCII; a `ValueError` for anything else."""
    if not _NUMBER.fullmatch(text):
        message = f"not a number: {text[:20]}"
        raise ValueError(message)
    return int(text) if text.lstrip("+-").isdigit() else float(text)
