"""Labels that are printed otherwise, but so that they can be no other line: misprinted, shortened, cut.

A misprint is few changes away from one label and three times as far from every other; a shortened label
has left out characters of one label only. A word that turns a label into its contrary is neither. The labels
above a line tell it from others, but its own label must be recognised by itself.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from workbook_tool.grids.labels import NUMBER, label_key, line_keys, path_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbook_tool.forms import Line, Section, Table

_SHORTEST = 4
_FARTHER = 3
_TURNS = frozenset("非不未无没上去前他元角千百亿率增减")
"""Characters that make another thing of a label, or of its figures, when they are put in."""
_UNIT = "万"
"""What makes other figures of those of a label when it is left out, or put in."""


@lru_cache(maxsize=4096)
def misprinted_line(section: Section, above: str, own: str) -> tuple[Table, Line] | None:
    """The line that a row is whose last label is `own`, below `above`; ``None`` if that is not certain.

    `above` may be a part of the labels above the line, as a page break or a cell of its own leaves it.
    """
    if own in group_labels(section):
        return None
    for key in (own, above + own) if above else (own,):
        match = line_keys(section).get(key) or _cut(section, key) or _nearest(section, key)
        if match and (key != own or not above or _is_above(above, *match)):
            return match
    return None


def nearest(printed: str, labels: Mapping[str, str]) -> str | None:
    """Which of `labels` (key to what it stands for) `printed` is a misprint of, if it is of one only."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  # only where labels are not as they should be

    if len(printed) < _SHORTEST:
        return None
    distances: dict[str, tuple[int, str]] = {}
    for key, meant in labels.items():
        distance = Levenshtein.distance(printed, key)
        distances[meant] = min(distances.get(meant, (distance, key)), (distance, key))
    if not distances:
        return None
    (best, key), *others = sorted(distances.values())
    if not is_near(best, key) or _is_turned(printed, key):
        return None
    if others and others[0][0] < _FARTHER * best:
        return None
    return labels[key]


def is_near(distance: int, key: str) -> bool:
    """Whether so many changes leave a label recognisable."""
    return distance <= max(1, len(key) // 4)


def _nearest(section: Section, printed: str) -> tuple[Table, Line] | None:
    keys = line_keys(section)
    labels = dict.fromkeys(group_labels(section), "") | {
        key: f"{table.id} {line.id}" for key, (table, line) in keys.items()
    }
    meant = nearest(printed, labels) or _shortened(printed, labels)
    found = next((keys[key] for key, name in labels.items() if name == meant), None) if meant else None
    near = (key for key, name in labels.items() if name == meant)
    return found if found and _has_own_label(printed, near, *found) else None


def _has_own_label(printed: str, keys: Iterable[str], table: Table, line: Line) -> bool:
    """Whether `printed` is so little off one of the `keys` of a line that most of its own label is there."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  # only where labels are not as they should be

    own = path_keys(table.rows, line)[-1]
    lost = (len(label_key(NUMBER.sub("", line.label))) - 1) // 2
    return any(
        is_near(Levenshtein.distance(printed, key), own)
        or (len(key) - len(printed) <= lost and _is_within(printed, key))
        for key in keys
    )


def _shortened(printed: str, labels: Mapping[str, str]) -> str | None:
    """The one line of whose label `printed` is at least half, in order and from its first words on."""
    if len(printed) < _SHORTEST:
        return None
    characters = frozenset(printed)
    found = {
        meant
        for key, meant in labels.items()
        if len(key) <= 2 * len(printed) and characters.issubset(key) and _is_within(printed, key)
    }
    return found.pop() if len(found) == 1 else None


def _is_within(printed: str, key: str) -> bool:
    characters = iter(key)
    return all(character in characters for character in printed)


def _is_turned(printed: str, key: str) -> bool:
    """Whether what was put in turns the label into another, or is a figure that ran into it."""
    if (printed[-1].isdecimal() and printed[-1] != key[-1]) or (_UNIT in printed) != (_UNIT in key):
        return True
    return any(character in _TURNS and character not in key for character in printed)


@cache
def group_labels(section: Section) -> frozenset[str]:
    """The labels of groups of lines: a row with one of them is no line of the form, and no other line."""
    groups: set[str] = set()
    for table in section.tables:
        for line in table.rows.lines:
            if table.rows.is_group(line):
                path = path_keys(table.rows, line)
                groups |= {"".join(path[start:]) for start in range(len(path))}
                groups.add(label_key(NUMBER.sub("", line.label)))
    return frozenset(groups)


@cache
def _own_labels(section: Section) -> Mapping[str, tuple[Table, Line]]:
    """The lines whose own label no other line has."""
    own: dict[str, list[tuple[Table, Line]]] = {}
    for table in section.tables:
        for line in table.rows.leaves:
            own.setdefault(path_keys(table.rows, line)[-1], []).append((table, line))
    return {key: lines[0] for key, lines in own.items() if len(lines) == 1}


def _cut(section: Section, printed: str) -> tuple[Table, Line] | None:
    """The line that ends `printed`, if what stands before it is a part of the labels above that line."""
    for key, (table, line) in _own_labels(section).items():
        if printed.endswith(key) and len(key) >= _SHORTEST and _is_above(printed[: -len(key)], table, line):
            return table, line
    return None


def _is_above(printed: str, table: Table, line: Line) -> bool:
    """Whether `printed` is a part of the labels above `line`, or all but a few characters of one."""
    from rapidfuzz.fuzz import partial_ratio  # noqa: PLC0415  # only where labels are not as they should be

    path = "".join(path_keys(table.rows, line)[:-1])
    if printed in path:
        return True
    has_figures = any(map(str.isdecimal, printed))  # of a year, perhaps
    return len(printed) >= _SHORTEST and not has_figures and partial_ratio(printed, path) > 80  # noqa: PLR2004  # per cent
