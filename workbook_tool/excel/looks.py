"""Fonts and fills in which a number is not to be read: struck through, raised, tiny, white on white."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OFF = ("0", "false", "off", "none", "baseline")
_WHITE_NUMBERS = ("1", "9")
"""Of the old palette."""

_WHITE_THEME = "0"
_TINY = 2.0
_LIGHT = 190
"""Of 255: on lighter ground white is not seen."""

_SHADE = 0.15
"""So much darker, white is seen."""


class Looks:
    """What the styles part says of fonts and fills, in the order in which it says it."""

    def __init__(self) -> None:
        """Know of none yet."""
        self._inside = ""
        self._fonts: list[set[str]] = []
        self._fills: list[bool] = []
        """Whether each gives a cell a ground on which white is seen."""
        self._pattern = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if name in {"fonts", "fills"}:
            self._inside = name
        elif name == "font" and self._inside == "fonts":
            self._fonts.append(set())
        elif name == "fill" and self._inside == "fills":
            self._fills.append(False)
        elif self._inside == "fonts" and self._fonts:
            self._fonts[-1] |= _of_font(name, attributes)
        elif self._inside == "fills" and self._fills:
            self._take_fill(name, attributes)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == self._inside:
            self._inside = ""

    def is_lost(self, font: str, fill: str) -> bool:
        """Whether a number in this font, on this fill, is not to be read as it stands."""
        said = self._fonts[int(font)] if _is_index(font, self._fonts) else set()
        has_ground = self._fills[int(fill)] if _is_index(fill, self._fills) else False
        return bool(said - {"white"}) or ("white" in said and not has_ground)

    def _take_fill(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "patternFill":
            self._pattern = attributes.get("patternType", "none")
            self._fills[-1] = self._pattern not in {"none", "solid"}
        elif name == "gradientFill" or (name == "fgColor" and self._pattern == "solid"):
            self._fills[-1] = _is_dark(attributes)


def _of_font(name: str, attributes: Mapping[str, str]) -> set[str]:
    value = attributes.get("val", "1")
    if name in {"strike", "vertAlign"} and value not in _OFF:
        return {name}
    if name == "color" and _is_white(attributes):
        return {"white"}
    return {"tiny"} if name == "sz" and float(value) < _TINY else set()


def _is_white(attributes: Mapping[str, str]) -> bool:
    rgb = attributes.get("rgb", "")[-6:].upper()
    is_pale = len(rgb) == 6 and all(digit in "EF" for digit in rgb[::2])  # noqa: PLR2004  # RRGGBB
    is_themed = attributes.get("theme") == _WHITE_THEME and float(attributes.get("tint", "0")) > -_SHADE
    return is_pale or is_themed or attributes.get("indexed") in _WHITE_NUMBERS


def _is_dark(attributes: Mapping[str, str]) -> bool:
    """Whether white is seen on a colour; of one that is not written out only white is known."""
    rgb = attributes.get("rgb", "")[-6:]
    try:
        red, green, blue = bytes.fromhex(rgb)
    except ValueError:
        return not _is_white(attributes)
    return 0.3 * red + 0.6 * green + 0.1 * blue < _LIGHT


def _is_index(text: str, of: list[set[str]] | list[bool]) -> bool:
    return text.isascii() and text.isdigit() and int(text) < len(of)
