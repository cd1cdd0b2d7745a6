"""Running text: which printed lines are one paragraph."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.published.pdf.words import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook_tool.published.pdf.words import TextLine

_INDENT = 1.2
"""Characters by which the first line of a paragraph is set in, or more."""

_ROOM = 0.6
"""Characters that a line may lack to be full, beside the word that had to go to the next."""

_LARGER = 1.1
_WIDE_GAP = 1.5
_DEEP_MARGIN = 0.1


class Place(NamedTuple):
    """A line and the page that it stands on."""

    page: int
    line: TextLine


@dataclass
class Measure:
    """How the text of a document is set: its margins, the size of its type, and the distance of its lines."""

    left: float
    right: float
    size: float
    pitch: float

    @classmethod
    def of(cls, places: Sequence[Place]) -> Measure:
        """Taken from all lines of running text."""
        size = median(glyph.size for place in places for glyph in place.line.glyphs)
        body = [place for place in places if abs(place.line.size - size) < _LARGER] or list(places)
        starts = sorted(place.line.x0 for place in body)
        stops = sorted(place.line.x1 for place in body)
        on_a_page = [_pitch(above, below) for above, below in pairwise(body) if above.page == below.page]
        pitches = [pitch for pitch in on_a_page if pitch < 2 * _WIDE_GAP * size]
        few = int(_DEEP_MARGIN * len(body))
        return cls(starts[few], stops[-1 - few], size, median(pitches) if pitches else 2 * size)


@dataclass
class Paragraphs:
    """Lines that come one after the other, put together."""

    measure: Measure
    lines: list[Place] = field(default_factory=list)

    def split(self, places: Iterable[Place]) -> list[str]:
        """The paragraphs that `places` make, in order."""
        groups: list[list[Place]] = []
        for place in places:
            if groups and self._goes_on(groups[-1], place):
                groups[-1].append(place)
            else:
                groups.append([place])
        return [joined(place.line for place in group).strip() for group in groups]

    def _goes_on(self, group: Sequence[Place], place: Place) -> bool:
        last, line = group[-1].line, place.line
        if self._is_title(last) and self._is_title(line):
            return abs(last.size - line.size) < 1 and place.page == group[-1].page
        if max(last.size, line.size) > _LARGER * min(last.size, line.size):
            return False
        if place.page == group[-1].page and _pitch(group[-1], place) > _WIDE_GAP * self.measure.pitch:
            return False
        is_set_in = line.x0 > self.measure.left + _INDENT * line.size
        room = self.measure.right - last.x1
        return not is_set_in and room < line.first_word + _ROOM * line.size

    def _is_title(self, line: TextLine) -> bool:
        """Whether `line` is set larger than the text and in the middle."""
        before, after = line.x0 - self.measure.left, self.measure.right - line.x1
        is_large = line.size > _LARGER * self.measure.size
        return is_large and abs(before - after) < 2 * line.size


def _pitch(above: Place, below: Place) -> float:
    return below.line.bottom - above.line.bottom
