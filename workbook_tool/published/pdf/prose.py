"""Running text: which printed lines are one paragraph."""

from __future__ import annotations

import re
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
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}、")
_SET_OFF, _SET_OFF_ALONE = 1.5, 1.12
"""Of the distance of lines: so much farther off a new paragraph begins; the second, where none is set in."""

_FARTHEST = 3
"""Characters that lines of one paragraph may be from each other."""

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
    sets_in: bool = True
    """Whether paragraphs begin with a line that is set in."""

    @classmethod
    def of(cls, places: Sequence[Place]) -> Measure:
        """Taken from all lines of running text."""
        size = median(glyph.size for place in places for glyph in place.line.glyphs)
        body = [place for place in places if abs(place.line.size - size) < _LARGER] or list(places)
        starts = sorted(place.line.x0 for place in body)
        stops = sorted(place.line.x1 for place in body)
        on_a_page = [_pitch(above, below) for above, below in pairwise(body) if above.page == below.page]
        pitches = sorted(pitch for pitch in on_a_page if size / 2 < pitch < _FARTHEST * size)
        pitch = pitches[int(_DEEP_MARGIN * len(pitches))] if pitches else 2 * size
        few = int(_DEEP_MARGIN * len(body))
        measure = cls(starts[few], stops[-1 - few], size, pitch)
        first = [below.line for above, below in pairwise(body) if not measure.is_full(above.line, below.line)]
        measure.sets_in = not first or 2 * sum(map(measure.is_set_in, first)) > len(first)
        return measure

    def is_set_in(self, line: TextLine) -> bool:
        """Whether `line` begins to the right of the margin."""
        return line.x0 > self.left + _INDENT * line.size

    def is_full(self, line: TextLine, following: TextLine) -> bool:
        """Whether there was no room in `line` for the beginning of the next one."""
        return self.right - line.x1 < following.first_word + _ROOM * following.size


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
        if _HEADING.match(line.text) and last.text.endswith("。"):
            return False
        set_off = _SET_OFF if self.measure.sets_in else _SET_OFF_ALONE
        if place.page == group[-1].page and _pitch(group[-1], place) > set_off * self.measure.pitch:
            return False
        return not self.measure.is_set_in(line) and self.measure.is_full(last, line)

    def _is_title(self, line: TextLine) -> bool:
        """Whether `line` is set larger than the text and in the middle."""
        before, after = line.x0 - self.measure.left, self.measure.right - line.x1
        is_large = line.size > _LARGER * self.measure.size
        return is_large and abs(before - after) < 2 * line.size


def _pitch(above: Place, below: Place) -> float:
    return below.line.baseline - above.line.baseline
