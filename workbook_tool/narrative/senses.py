"""What a word in the name of a field can name: rows and columns of a section."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.narrative.names import items
from workbook_tool.narrative.vocabulary import END, vocabulary, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook_tool.forms import Section
    from workbook_tool.narrative.vocabulary import Meaning, Reading, Tree

TOTAL = "*"
"""A column by the word 总计 alone: the total, whichever it is."""

_SAYS_NOTHING = frozenset(("数", "量", "数量", "件数", "宗数", "的", "了", "案", "案件", "情况"))
_ASIDE = ("requests", "application")
_TURNS = frozenset("不未无没非禁上下率")
"""Characters that turn a word into its opposite or into something else: no slip of the pen."""

_SHORT = 3
"""In a shorter word another character is another word."""


class Sense(NamedTuple):
    """A row and a column by their ids, either empty where the word leaves it open."""

    row: str = ""
    column: str = ""


@lru_cache(maxsize=4096)
def senses(section: Section, word: str, *, guess: bool) -> tuple[tuple[Sense, ...], ...] | None:
    """The words that `word` is made of, each as what it can name in `section`.

    ``None`` where one of them is not understood. To `guess` is to take a word that is cut short, part of a
    name, or a character off for what it was meant to be, as long as that is not another thing.
    """
    known = _known(section)
    if word in known:
        return (known[word],)
    found = _in_prose(section, word)
    if found is not None or not guess:
        return found
    same = _cut_short(section, word) or tuple(
        dict.fromkeys(sense for name in _similar(section, word) for sense in known[name])
    )
    return (same,) if same else None


@cache
def _known(section: Section) -> Mapping[str, tuple[Sense, ...]]:
    """The form's own words, the ids of its lines and what these end with."""
    known: dict[str, list[Sense]] = {}
    for table in section.tables:
        for axis in (table.rows, table.columns):
            for item in items(axis):
                sense = Sense(row=item.id) if axis is table.rows else Sense(column=item.id)
                for name in (*item.names, item.id, item.id.rpartition(".")[2]):
                    known.setdefault(name, []).append(sense)
    return {name: tuple(dict.fromkeys(found)) for name, found in known.items()}


def _in_prose(section: Section, word: str) -> tuple[tuple[Sense, ...], ...] | None:
    """What `word` says where it stands in a text; ``None`` unless all of it is understood."""
    found: list[tuple[Sense, ...]] = []
    understood = 0
    for start, end, meaning in words_in(vocabulary().words, word, 0, len(word)):
        if start > understood:
            return None
        understood = end
        if meaning.kind == "sum":
            found.append((Sense(column=TOTAL),))
        elif meaning.kind == "line":
            named = _named(section, meaning)
            if not named:
                return None
            found.append(named)
        elif meaning.kind not in _ASIDE and word[start:end] not in _SAYS_NOTHING:
            return None
    return tuple(found) if understood == len(word) else None


def _named(section: Section, meaning: Meaning) -> tuple[Sense, ...]:
    """The rows and columns of `section` that a word of the prose can mean."""
    said = (reading for reading in meaning.readings if reading.table == section.id)
    return tuple(dict.fromkeys(sense for reading in said for sense in _lines(section, reading)))


def _lines(section: Section, reading: Reading) -> Iterator[Sense]:
    row, column = reading.row or "", reading.column or ""
    for table in section.tables:
        rows, columns = ({item.id for item in items(axis)} for axis in (table.rows, table.columns))
        if rows:
            if (not row or row in rows) and (not column or column in columns):
                yield Sense(row, column)
        else:  # all of 四 is in its columns: reconsideration.upheld
            wanted = f"{row}.{column}".strip(".")
            for known in columns:
                if known == wanted or (not row and known.endswith(f".{column}")):
                    yield Sense(column=known)


def _cut_short(section: Section, word: str) -> tuple[Sense, ...]:
    """What all words of the prose mean that begin with `word`, if it is the same."""
    tree: Tree | None = vocabulary().words
    for character in word:
        tree = tree.get(character) if tree else None
    meanings = list(_below(tree)) if tree and len(word) > 1 else []
    if not meanings or any(meaning.readings != meanings[0].readings for meaning in meanings):
        return ()
    return _named(section, meanings[0])


def _below(tree: Tree) -> Iterator[Meaning]:
    for character, below in tree.items():
        if character == END:
            yield below
        else:
            yield from _below(below)


def _similar(section: Section, word: str) -> Sequence[str]:
    """The names that `word` is part of, or else one character away from."""
    known = _known(section)
    if word.isascii():
        return get_close_matches(word, known, 1, 0.8)
    # Labels in full say too much: 公开 is part of 本年新收政府信息公开申请数量.
    within = [name for name in _printed(section) if word in name and _is_same(name.replace(word, "", 1))]
    if within and len(word) > 1:
        return within
    return [name for name in known if len(word) >= _SHORT and _is_slip(word, name)]


def _printed(section: Section) -> Iterator[str]:
    axes = (axis for table in section.tables for axis in (table.rows, table.columns))
    return (item.names[0] for axis in axes for item in items(axis))


def _is_same(rest: str) -> bool:
    """Whether a word means the same with and without the characters of `rest`."""
    return _TURNS.isdisjoint(rest)


def _is_slip(word: str, name: str) -> bool:
    """Whether one character is another, missing or too many, and it does not turn the meaning."""
    start = next((n for n, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    at = min(len(word), len(name)) if start is None else start
    for wrong, right in ((1, 1), (0, 1), (1, 0)):
        if word[at + wrong :] == name[at + right :]:
            return _is_same(word[at : at + wrong] + name[at : at + right])
    return False
