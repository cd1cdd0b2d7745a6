"""Radicals that fonts give in the place of the characters that look the same."""

from __future__ import annotations

import unicodedata

_SUPPLEMENT = dict(
    zip(
        "⺟⺠⺮⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻪⻬⻮⻰⻳",
        "母民竹虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄黾齐齿龙龟",
        strict=True,
    )
)


def as_written(text: str) -> str:
    """`text` with characters for radicals and for compatibility ideographs."""
    if text.isascii():
        return text
    return "".join(_SUPPLEMENT.get(character) or _unified(character) for character in text)


def _unified(character: str) -> str:
    if "\u2f00" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return unicodedata.normalize("NFKC", character)
    return character
