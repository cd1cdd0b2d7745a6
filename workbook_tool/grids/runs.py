"""Text whose separators were lost: labels and figures in one run, `1.属于国家秘密00000002.其他法律…`.

Labels are found in it as the form prints them. Figures are divided only where there is one way to do it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from workbook_tool.grids.labels import ASIDE, NUMBER, label_key, simplified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.forms import Line, Section, Table

_FIGURE = re.compile(
    r"[+-]?\d+([,.]\d+)*\s*(万?元|[件条项个])?|[.,]\d+|[^\w()\[\]\"'“”‘’「」『』《》〈〉【】〔〕]+|无"
)
_POINT = r"\s*[^\w\s]\s*"
"""What stands around a number: one mark, and perhaps blanks."""

_MARK = r"[^\w\s.,+−–—-]"
"""A bracket or a quotation mark, but nothing that a figure begins with."""

_FEW = 10
"""At most one character of so many may be neither label nor figure in a run."""

_LONG = 10
"""Labels of shorter tables may all be words of one paragraph."""


def is_figure(text: str) -> bool:
    """Whether `text` is what stands in a cell: a number, perhaps with its unit, or a mark for none."""
    return bool(_FIGURE.fullmatch(unicodedata.normalize("NFKC", text).strip()))


def find_headings(sections: Sequence[Section], text: str) -> list[tuple[Section, int, int]]:
    """Where in a run headings of `sections` stand, all of them, one after the other."""
    plain = _in_place(text)
    found = [(section, *match.span()) for section in sections for match in _headings(section).finditer(plain)]
    return sorted(found, key=lambda heading: heading[1])


def pieces(section: Section, text: str) -> list[str]:
    """A run cut into labels and what stands between them; all of `text` in one where it is no such run."""
    spans = [match.span() for match in _labels(section).finditer(_in_place(text))]
    edges = sorted({0, len(text), *(edge for span in spans for edge in span)})
    cut = [(text[start:end].strip(), (start, end) in spans) for start, end in pairwise(edges)]
    between = [piece for piece, is_label in cut if piece and not is_label]
    figures = [piece for piece in between if piece[0].isdecimal() or is_figure(piece)]
    unknown = sum(map(len, between)) - sum(map(len, figures))
    is_run = figures and unknown * _FEW <= len(text)
    if not spans or not (is_run or (not between and len(spans) > 1)):
        return [text]
    return [piece for piece, _ in cut if piece]


def _in_place(text: str) -> str:
    """`text` in simplified characters, each where it was."""
    plain = simplified(text)
    return plain if len(plain) == len(text) else text


def has_labels(section: Section, text: str) -> bool:
    """Whether most of the row labels of a long table stand in `text`, which makes it that table."""
    bodies = [NUMBER.sub("", line.label) for table in section.tables for line in table.rows.leaves]
    plain = simplified(text)
    return len(bodies) >= _LONG and 2 * sum(body in plain for body in bodies) > len(bodies)


def divided(
    table: Table, row: Line | None, texts: Sequence[str], *, has_blanks: bool = False, is_apart: bool = True
) -> list[str] | None:
    """The figures of a row, one for each column, from what stands after its label; ``None`` if not certain.

    `texts` are apart from each other, but each may be several figures run together, unless figures are apart
    in the source (`is_apart`). Figures begin with no zero, so there may be one way only; then the sums along
    the row must hold as well, or all be zero. (That is enough: by casting out nines no row of longer figures
    whose sums hold gives digits whose sums do.) What could be fewer figures and a blank, which leaves no
    trace, is not divided if the source `has_blanks` or keeps figures apart.
    """
    wanted = len(table.columns.leaves)
    if is_apart and len(texts) == wanted and all(map(is_figure, texts)):
        return list(texts)
    if not all(text.isdecimal() for text in texts):
        return None
    texts = [unicodedata.normalize("NFKC", text) for text in texts]
    zeros = [len(text) - len(text.lstrip("0")) for text in texts]
    most = sum(map(len, texts))
    fewest = sum(zeros) + sum(zero < len(text) for zero, text in zip(zeros, texts, strict=True))
    if len(texts) == wanted == fewest:
        return texts
    if most == wanted and (fewest == wanted or (len(texts) == 1 and not has_blanks)):
        figures = list("".join(texts))
    elif fewest == wanted:
        figures = [part for text, zero in zip(texts, zeros, strict=True) for part in _parts(text, zero)]
    else:
        return None
    return figures if _is_confirmed(table, row, figures) else None


def _parts(text: str, zeros: int) -> Iterator[str]:
    yield from text[:zeros]
    if text[zeros:]:
        yield text[zeros:]


def _is_confirmed(table: Table, row: Line | None, figures: Sequence[str]) -> bool:
    """Whether all figures are zero, or each takes part in a sum along the row and all these sums hold."""
    numbers = dict(zip(table.columns.leaves, map(int, figures), strict=True))
    if not any(numbers.values()):
        return True
    if row is not None and row not in table.rows.leaves:
        return False
    checked: set[Line] = set()
    for total in (line for line in table.columns.leaves if line.sum):
        members = table.columns.members(total.sum)
        if sum(numbers[line] for line in members) != numbers[total]:
            return False
        checked |= {total, *members}
    return checked == set(numbers)


@cache
def _headings(section: Section) -> re.Pattern[str]:
    titles = "|".join(_loosely(title) for title in (section.title, *section.also))
    return re.compile(rf"{section.number}{_POINT}(?:{titles})")


@cache
def _labels(section: Section) -> re.Pattern[str]:
    """Every label and caption of the tables, longer ones first, with or without the number in front."""
    found: set[tuple[str, str]] = set()
    for table in section.tables:
        captions = [text for text in (table.banner, table.corner, table.heading) if text]
        lines = (*table.columns.lines, *table.rows.lines)
        for text in (*captions, *(form for line in lines for form in (line.label, *line.also))):
            number = NUMBER.match(text)
            body = text[number.end() :] if number else text
            found |= {(number[0] if number else "", body), ("", body)}
            aside = ASIDE.sub("", body)
            found |= {(number[0] if number else "", aside), ("", aside)}
    ordered = sorted(found, key=lambda pair: (len(pair[1]), len(pair[0])), reverse=True)
    return re.compile("|".join(_numbered(number) + _loosely(body) for number, body in ordered if body))


def _numbered(number: str) -> str:
    """A number as it is printed in front of a label: `1.`, `1、`, `(一)`, `一、`, or without a mark."""
    key = label_key(number)
    if not key:
        return ""
    if not number.strip()[0].isalnum():
        return rf"{_POINT}{key}{_POINT}"
    return rf"(?:{key}{_POINT}|(?<!\S){key}\s*)"


def _loosely(text: str) -> str:
    """A pattern for `text` with any punctuation and spaces; a bracket at its ends belongs to it."""
    start, end = (
        mark if text and not text[edge].isalnum() else ""
        for edge, mark in ((0, rf"(?:{_MARK}\s*)?"), (-1, rf"(?:\s*{_MARK})?"))
    )
    return start + r"\W*".join(label_key(text)) + end
