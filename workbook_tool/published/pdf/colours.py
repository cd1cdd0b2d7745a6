"""Colours as they are seen, as far as that can be told without the profiles of a device."""

from __future__ import annotations

from typing import NamedTuple

_FULL = {1, 3}
_CMYK = 4
_WHITE = 0.99
_NEAR = 0.12
_DEVICE = ("DeviceGray", "CalGray", "DeviceRGB", "CalRGB", "DeviceCMYK", "ICCBased")


class Colour(NamedTuple):
    """Red, green and blue from 0 to 1."""

    red: float
    green: float
    blue: float

    @property
    def is_white(self) -> bool:
        """Whether it is white."""
        return min(self) >= _WHITE

    def is_near(self, other: Colour) -> bool:
        """Whether one of both would not be seen on the other."""
        return all(abs(a - b) <= _NEAR for a, b in zip(self, other, strict=True))


WHITE = Colour(1, 1, 1)


def colour_of(space: str, value: object) -> Colour | None:
    """The colour that `value` means in a colour space; ``None`` where that is not told here."""
    parts = list(value) if isinstance(value, list | tuple) else [value]
    numbers = [float(part) for part in parts if isinstance(part, int | float)]
    if not parts or len(numbers) != len(parts):
        return None
    if space not in _DEVICE:
        # Inks: none of any leaves the paper as it is.
        return WHITE if space in {"Separation", "DeviceN"} and not any(numbers) else None
    if len(numbers) == _CMYK:
        *inks, black = numbers
        return Colour(*((1 - min(1.0, ink)) * (1 - min(1.0, black)) for ink in inks))
    return Colour(*(numbers * 3)[:3]) if len(numbers) in _FULL else None
