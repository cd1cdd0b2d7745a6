"""What can be wrong with the rules of printed tables: lost, too many, in pieces, or beside the point."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.pdf_pages import Drawing


def spoil(pages: list[Drawing], chance: random.Random) -> list[str]:
    """Spoil a page or some in one way or several; their names."""
    kinds = chance.sample(sorted(FAULTS), chance.choice([1, 1, 2, 3]))
    for kind in kinds:
        page = chance.choice([page for page in pages if any(map(_is_frame, page.parts))])
        FAULTS[kind](page, chance)
        page.parts = [part for part in page.parts if part]
    return kinds


def _is_frame(part: str) -> bool:
    return part.endswith("re S")


def _frames(page: Drawing) -> list[int]:
    return [number for number, part in enumerate(page.parts) if _is_frame(part)]


def _box(part: str) -> tuple[float, float, float, float]:
    x, y, width, height = map(float, part.split()[:4])
    return x, y, width, height


def _lose_some(page: Drawing, chance: random.Random) -> None:
    frames = _frames(page)
    for number in chance.sample(frames, min(len(frames), chance.randrange(1, 12))):
        page.parts[number] = ""


def _lose_many(page: Drawing, chance: random.Random) -> None:
    page.parts = [part for part in page.parts if not (_is_frame(part) and chance.random() < 0.3)]


def _lose_an_area(page: Drawing, chance: random.Random) -> None:
    frames = _frames(page)
    x, y, _, _ = _box(page.parts[chance.choice(frames)])
    for number in frames:
        left, bottom, _, _ = _box(page.parts[number])
        if abs(left - x) < 120 and abs(bottom - y) < 60:
            page.parts[number] = ""


def _lose_sides(page: Drawing, chance: random.Random) -> None:
    frames = _frames(page)
    for number in chance.sample(frames, min(len(frames), 8)):
        x, y, width, height = _box(page.parts[number])
        page.parts[number] = f"{x} {y} m {x + width} {y} l S {x} {y} m {x} {y + height} l S"


def _add_strokes(page: Drawing, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 4)):
        if chance.random() < 0.5:
            y = chance.uniform(80, 700)
            page.line(chance.uniform(50, 300), y, chance.uniform(300, 550), y)
        else:
            x = chance.uniform(70, 530)
            page.line(x, chance.uniform(80, 300), x, chance.uniform(300, 700))


def _add_a_frame(page: Drawing, chance: random.Random) -> None:
    left, top = chance.uniform(60, 300), chance.uniform(100, 300)
    page.frame(left, top, chance.uniform(310, 530), chance.uniform(310, 700))


def _add_a_background(page: Drawing, chance: random.Random) -> None:
    x, y = chance.uniform(60, 300), chance.uniform(100, 500)
    page.parts.insert(0, f".8 g {x} {y} {chance.uniform(20, 200)} {chance.uniform(10, 100)} re f 0 g")


def _underline(page: Drawing, chance: random.Random) -> None:
    for part in list(page.parts):
        if "Td" in part and chance.random() < 0.3:
            _, _, _, _, x, y, *_ = part.split()
            under = float(y) - 1
            page.parts.append(f"{x} {under} m {float(x) + chance.uniform(5, 30)} {under} l S")


FAULTS: dict[str, Callable[[Drawing, random.Random], None]] = {
    "some frames lost": _lose_some,
    "many frames lost": _lose_many,
    "an area lost": _lose_an_area,
    "sides lost": _lose_sides,
    "strokes added": _add_strokes,
    "a frame added": _add_a_frame,
    "a background": _add_a_background,
    "underlined": _underline,
}
