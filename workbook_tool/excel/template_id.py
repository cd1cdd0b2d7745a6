"""The visible template id: ``GIAR-2021-2025-1-7K3Q9F-X``.

Form, edition, report year (0000 where it is left open), template version, six characters that
tell one issued workbook from another, and a check character (ISO 7064, MOD 37-36) over all of
it, which catches any single wrong character and any two exchanged.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = re.compile(r"([A-Z]+)-(\w+)-(\d{4})-(\d+)-([0-9A-Z]{6})-([0-9A-Z])")


class TemplateId(NamedTuple):
    """What a template id says."""

    form: str
    edition: str
    year: int | None
    version: int
    serial: str

    def __str__(self) -> str:
        """The id as printed."""
        body = f"{self.form.upper()}-{self.edition}-{self.year or 0:04d}-{self.version}-{self.serial}"
        return f"{body}-{_check_character(body)}"


@lru_cache(maxsize=256)
def parse_template_id(text: str) -> TemplateId | None:
    """The id that `text` is, or ``None`` where it is none or was altered."""
    found = _SHAPE.fullmatch(text.strip().upper())
    if not found or _check_character(text.strip().upper()[:-2]) != found.group(6):
        return None
    form, edition, year, version, serial, _ = found.groups()
    return TemplateId(form.lower(), edition, int(year) or None, int(version), serial)


def serial_from(number: int) -> str:
    """Six characters for `number`."""
    characters = ""
    for _ in range(6):
        number, rest = divmod(number, len(_ALPHABET))
        characters += _ALPHABET[rest]
    return characters


def _check_character(body: str) -> str:
    modulus = len(_ALPHABET)
    product = modulus
    for character in body:
        if character not in _ALPHABET:
            continue
        total = (product + _ALPHABET.index(character)) % modulus or modulus
        product = total * 2 % (modulus + 1)
    return _ALPHABET[(modulus + 1 - product) % modulus]
