"""The vocabulary of the prose, ``templates/narrative.toml``: which words mean what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from workbook_tool.errors import FormError
from workbook_tool.resources import read_toml, resource

_FILE = "templates/narrative.toml"


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


Tree = dict[str, Any]
"""Words by their characters: each leads to what goes on from there, and `END` to the meaning of what ends."""

END = ""


@dataclass(frozen=True)
class Vocabulary:
    """Every word, by its characters, and the units of figures."""

    words: Tree
    counting: tuple[str, ...]
    money: dict[str, int]
    other_units: tuple[str, ...] = ()
    """Units of what the form does not count."""
    part_units: tuple[str, ...] = ()
    """Units of time, within which only a part was done."""


def word_from(tree: Tree, text: str, start: int) -> tuple[int, Meaning | None]:
    """Where the longest word that begins at `start` ends, and its meaning; ``None`` where there is none."""
    end, meaning, position, length = start, None, start, len(text)
    while position < length:
        following = tree.get(text[position])
        if following is None:
            break
        position, tree = position + 1, following
        if END in tree:
            end, meaning = position, tree[END]
    return end, meaning


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
    money: dict[str, int] = raw["units"]["money"]
    return Vocabulary(
        _tree(meanings),
        tuple(sorted(raw["units"]["count"], key=len, reverse=True)),
        dict(sorted(money.items(), key=lambda unit: -len(unit[0]))),
        tuple(raw["units"]["other"]),
        tuple(raw["units"]["part"]),
    )


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
