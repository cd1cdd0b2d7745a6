"""The vocabulary of the prose, ``templates/narrative.toml``: which words mean what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

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


@dataclass(frozen=True)
class Vocabulary:
    """Every word by its first character, the longest first, and the units of figures."""

    words: dict[str, tuple[tuple[str, Meaning], ...]]
    counting: tuple[str, ...]
    money: dict[str, int]
    other_units: tuple[str, ...] = ()
    """Units of what the form does not count."""
    part_units: tuple[str, ...] = ()
    """Units of time, within which only a part was done."""

    def word_at(self, text: str, start: int) -> str:
        """The longest word at `start`; empty where there is none."""
        found = (word for word, _ in self.words.get(text[start], ()) if text.startswith(word, start))
        return next(found, "")


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
    by_first: dict[str, list[tuple[str, Meaning]]] = {}
    for word, meaning in meanings.items():
        by_first.setdefault(word[0], []).append((word, meaning))
    money: dict[str, int] = raw["units"]["money"]
    return Vocabulary(
        {first: tuple(sorted(words, key=lambda w: -len(w[0]))) for first, words in by_first.items()},
        tuple(sorted(raw["units"]["count"], key=len, reverse=True)),
        dict(sorted(money.items(), key=lambda unit: -len(unit[0]))),
        tuple(raw["units"]["other"]),
        tuple(raw["units"]["part"]),
    )


def _reading(text: str) -> Reading:
    table, row, column = text.split()
    return Reading(table, None if row == "*" else row, None if column == "*" else column)


def _add(meanings: dict[str, Meaning], word: str, meaning: Meaning) -> None:
    if word in meanings:
        raise FormError(_FILE, word, f"stands under {meanings[word].kind} and under {meaning.kind}")
    meanings[word] = meaning
