"""N-11, the lexicon: known slips of the pen, those of ``templates/lexicon.toml`` and the user's own."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks.quotation import MOST, finding_about
from workbook_tool.errors import FormError
from workbook_tool.resources import read_toml, resource
from workbook_tool.rules import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from workbook_tool.checks.basis import Basis
    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

_SHORTEST = 2


class Slip(NamedTuple):
    """Words that are wrong, and what was meant."""

    wrong: str
    right: str
    unless: tuple[str, ...] = ()
    """Correct words in which the wrong ones turn up all the same."""


def read_lexicon(path: Path) -> tuple[Slip, ...]:
    """The slips that a lexicon file lists; a `FormError` names the entry that is none."""
    content = read_toml(path)
    unknown = [key for key in content if key != "slip"]
    entries = content.get("slip", [])
    if unknown or not isinstance(entries, list):
        raise FormError(
            path.name, unknown[0] if unknown else "slip", "这里只能写 [[slip]] (only [[slip]] belongs here)"
        )
    return tuple(_slip(path.name, number, entry) for number, entry in enumerate(entries, start=1))


def _slip(file: str, number: int, entry: Any) -> Slip:  # noqa: ANN401  # TOML is not typed
    key = f"slip {number}"
    if not isinstance(entry, dict) or set(entry) - set(Slip._fields):
        raise FormError(
            file, key, f"只能有这几项 (must have these and nothing else): {', '.join(Slip._fields)}"
        )
    wrong, right, unless = entry.get("wrong"), entry.get("right"), entry.get("unless", [])
    if not isinstance(wrong, str) or not isinstance(right, str) or wrong == right:
        raise FormError(file, key, "wrong 和 right 要是文字，不能相同 (both must be words, and differ)")
    if len(wrong) < _SHORTEST or wrong.strip() != wrong or "\n" in wrong:
        problem = (
            f"wrong 要写在一行里，至少 {_SHORTEST} 个字 (must be one line of {_SHORTEST} characters or more)"
        )
        raise FormError(file, key, problem)
    if not isinstance(unless, list) or not all(isinstance(word, str) and wrong in word for word in unless):
        raise FormError(file, key, f"unless 里的词要含有“{wrong}” (must be words that contain it)")
    return Slip(wrong, right, tuple(unless))


def check_slips(report: Report, basis: Basis) -> Iterator[Finding]:
    """No known slip of the pen; of two that overlap the longer, and each once a text."""
    for text_id, text in report.texts.items():
        for start, slip in _slips_in(text, basis.lexicon):
            passage = Passage(text_id, start, start + len(slip.wrong))
            yield finding_about(report, "N-11", passage, expected=slip.right)


@lru_cache(maxsize=64)  # many agencies write the same
def _slips_in(text: str, more: tuple[Slip, ...]) -> tuple[tuple[int, Slip], ...]:
    """The first slips in `text`, those that are known and `more`, in their order."""
    index = _index(more)
    # Only slips whose first letters are met are looked for.
    likely = (slip for pair in index.keys() & {*pairwise(text)} for slip in index[pair] if slip.wrong in text)
    longest_first = sorted(likely, key=lambda slip: (-len(slip.wrong), slip.wrong))
    return tuple(sorted(islice(_apart(longest_first, text), MOST)))


def _apart(slips: Iterable[Slip], text: str) -> Iterator[tuple[int, Slip]]:
    """Those of `slips` that stand in `text`, and where, without those that overlap an earlier one."""
    taken: list[tuple[int, int]] = []
    for slip in slips:
        start = next(_places(slip, text), None)
        if start is None:
            continue
        end = start + len(slip.wrong)
        if not any(first < end and start < last for first, last in taken):
            taken.append((start, end))
            yield start, slip


def _places(slip: Slip, text: str) -> Iterator[int]:
    """Where the wrong words of `slip` stand in `text`, and not inside correct ones."""
    start = text.find(slip.wrong)
    while start >= 0:
        if not any(
            text.startswith(word, start - at) for word in slip.unless for at in _offsets(word, slip.wrong)
        ):
            yield start
        start = text.find(slip.wrong, start + 1)


def _offsets(word: str, wrong: str) -> Iterator[int]:
    at = word.find(wrong)
    while at >= 0:
        yield at
        at = word.find(wrong, at + 1)


@cache
def _index(more: tuple[Slip, ...]) -> Mapping[tuple[str, str], Sequence[Slip]]:
    """All slips by the first two letters of their wrong words; the user's own take the place of ours."""
    slips = {slip.wrong: slip for slip in (*read_lexicon(resource("templates/lexicon.toml")), *more)}
    index: dict[tuple[str, str], list[Slip]] = {}
    for slip in slips.values():
        index.setdefault((slip.wrong[0], slip.wrong[1]), []).append(slip)
    return index
