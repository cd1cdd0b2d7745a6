"""The identity token of an issued workbook: ``WBT-2025-11330100MB000001-1-7K3Q9F2M``.

Year, the unit's code, which of its workbooks, and a code over these under the round's key. It catches
typing errors and workbooks of other rounds; it is no signature, since a clerk can copy it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import NamedTuple

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
_SHAPE = re.compile(r"WBT-(\d{4})-(.+)-(\d+)-([0-9A-Z]+)")


class Token(NamedTuple):
    """What a token says."""

    year: int
    code: str
    number: int
    mac: str

    def __str__(self) -> str:
        """The token as printed."""
        return f"WBT-{self.year}-{self.code}-{self.number}-{self.mac}"


def make_token(key: bytes, year: int, code: str, number: int) -> Token:
    """The token of a unit's `number`-th workbook; capital letters, as it is printed."""
    code = code.upper()
    digest = hmac.digest(key, f"{year}|{code}|{number}".encode(), hashlib.sha256)
    mac = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_LENGTH])
    return Token(year, code, number, mac)


def parse_token(text: str) -> Token | None:
    """The token that `text` is, whether or not it was made in this round; ``None`` where it is none."""
    found = _SHAPE.fullmatch(text)
    return Token(int(found[1]), found[2], int(found[3]), found[4]) if found else None


def is_genuine(key: bytes, token: Token) -> bool:
    """Whether the token was made under `key` just as it stands."""
    return hmac.compare_digest(str(make_token(key, token.year, token.code, token.number)), str(token))
