"""The vocabulary of the prose, ``templates/narrative.toml``: which words mean what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook_tool.errors import FormError
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_FILE = "templates/narrative.toml"
_ITEMS = "项"


class Reading(NamedTuple):
    """A line of the form that words can mean; ``None`` for what they leave open."""

    table: str
    row: str | None
    column: str | None


class Meaning(NamedTuple):
    """What a word is: its kind, and the lines it names if it names any (one of them is meant)."""

    kind: str
    readings: tuple[Reading, ...] = ()
    weak: bool = False


TITLE = Meaning("title")
TITLES = {"《": "》", "〈": "〉", "【": "】"}
"""Brackets around titles of documents, and fields, whose figures are the tables' own."""
_PUNCTUATION = {
    "，": "comma",
    ",": "comma",
    "；": "semicolon",
    ";": "semicolon",
    "(": "open",
    "[": "open",
    ")": "close",
    "]": "close",
    **dict.fromkeys("。！？!?\n", "stop"),
}
ENDS = frozenset(_PUNCTUATION.values())
"""The kinds of punctuation, which ends a clause."""

Tree = dict[str, Any]
"""Words by their characters: each leads to what goes on from there, and `END` to the meaning of what ends."""

END = ""


class Unit(NamedTuple):
    """A unit of figures: its word, what figures with it are, and by what they are multiplied."""

    word: str
    kind: str
    """``count``, ``items`` (项), ``money``; ``other`` of what the form does not count; ``part`` of a year."""
    factor: int = 1


@dataclass(frozen=True)
class Vocabulary:
    """Every word and punctuation mark, by its characters, and the units of figures by their first."""

    words: Tree
    units: Mapping[str, Sequence[Unit]]

    def unit_at(self, text: str, start: int) -> Unit | None:
        """The unit that stands in `text` at `start`."""
        for unit in self.units.get(text[start : start + 1], ()):
            if text.startswith(unit.word, start):
                return unit
        return None


def words_in(tree: Tree, text: str, first: int, last: int) -> Iterator[tuple[int, int, Meaning]]:
    """The words that begin between `first` and `last`: where, up to where, their meanings.

    Each is the longest that begins there, and the next one begins behind it.
    """
    position, length = first, len(text)
    while position <= last and position < length:
        start, end, meaning = position, position + 1, None
        branch = tree.get(text[start])
        while branch is not None:
            position += 1
            if END in branch:
                end, meaning = position, branch[END]
            branch = branch.get(text[position]) if position < length else None
        if meaning is not None:
            yield start, end, meaning
        position = end


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary; a word with two meanings is a `FormError`."""
    raw = read_toml(resource(_FILE))
    meanings: dict[str, Meaning] = {}
    for entry in raw["line"]:
        readings = tuple(_reading(text) for text in entry["is"])
        for word in entry["words"]:
            _add(meanings, word, Meaning("line", readings, entry.get("weak", False)))
    for kind, words in raw["kinds"].items():
        for word in words:
            _add(meanings, word, Meaning(kind))
    meanings |= {mark: Meaning(kind) for mark, kind in _PUNCTUATION.items()} | dict.fromkeys(TITLES, TITLE)
    return Vocabulary(_tree(meanings), _units(raw["units"]))


def _units(raw: Mapping[str, Any]) -> Mapping[str, Sequence[Unit]]:
    """The units by their first character; of two that fit the first counts."""
    units = [Unit(word, kind) for kind in ("part", "other") for word in raw[kind]]
    money = [Unit(word, "money", factor) for word, factor in raw["money"].items()]
    counting = [Unit(word, "items" if word.startswith(_ITEMS) else "count") for word in raw["count"]]
    units += sorted(money, key=_longest_first) + sorted(counting, key=_longest_first)
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(unit.word[0], []).append(unit)
    return found


def _longest_first(unit: Unit) -> int:
    return -len(unit.word)


def _tree(meanings: dict[str, Meaning]) -> Tree:
    root: Tree = {}
    for word, meaning in meanings.items():
        tree = root
        for character in word:
            tree = tree.setdefault(character, {})
        tree[END] = meaning
    return root


def _reading(text: str) -> Reading:
    table, row, column = text.split()
    return Reading(table, None if row == "*" else row, None if column == "*" else column)


def _add(meanings: dict[str, Meaning], word: str, meaning: Meaning) -> None:
    if word in meanings:
        raise FormError(_FILE, word, f"stands under {meanings[word].kind} and under {meaning.kind}")
    meanings[word] = meaning
