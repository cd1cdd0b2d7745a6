"""What a report is held against besides itself: last year's report, limits and a lexicon of one's own."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook_tool.errors import FormError
from workbook_tool.forms import editions, form
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workbook_tool.checks.lexicon import Slip
    from workbook_tool.report import Report

Limits = dict[str, dict[str, Any]]

_MOST = 1_000_000_000
_FROM_ONE = {"long_enough"}
"""Whole numbers of which 0 makes no sense; of the others it switches something off."""

_ABOVE_ZERO = {"alike", "same_sentence"}
"""Parts of which 0 makes no sense: everything would be like everything."""


class Basis(NamedTuple):
    """What to hold a report against. Limits that are not given are those of ``templates/limits.toml``."""

    prior: Report | None = None
    limits: Mapping[str, Mapping[str, Any]] = {}
    lexicon: tuple[Slip, ...] = ()
    """Slips of the pen beside those of ``templates/lexicon.toml``."""

    def limit(self, group: str, name: str) -> Any:  # noqa: ANN401  # TOML is not typed
        """One limit, such as ``narrative`` ``longest``."""
        return self.limits.get(group, {}).get(name, _defaults()[group][name])


def read_limits(profile: Path) -> Limits:
    """The limits that a profile file states; a `FormError` where one is unknown, or makes no sense."""
    stated = read_toml(profile)
    known = _defaults()
    for group, limits in stated.items():
        for name, limit in limits.items() if isinstance(limits, dict) else ((group, limits),):
            if group not in known or name not in known[group]:
                have = ", ".join(f"{g}.{n}" for g, entries in known.items() for n in entries)
                problem = f"没有这个限值，可以写的有 (unknown limit; there are): {have}"
                raise FormError(profile.name, f"{group}.{name}", problem)
            problem = _problem(name, limit, known[group][name])
            if problem:
                raise FormError(profile.name, f"{group}.{name}", problem)
    return stated


def _problem(name: str, limit: object, ours: object) -> str:
    """What is wrong with `limit`, beside the tool's own; empty if nothing is."""
    if isinstance(ours, list):
        return _problem_of_list(name, limit)
    whole = isinstance(ours, int)
    if isinstance(limit, bool) or not isinstance(limit, int if whole else int | float):
        return "要写成整数 (must be a whole number)" if whole else "要写成数 (must be a number)"
    if whole or name == "jump":
        return _problem_of_size(name, limit)
    if name in _ABOVE_ZERO and limit == 0:
        return "要大于 0 (must be greater than 0)"
    return "" if 0 <= limit <= 1 else "要在 0 和 1 之间 (must be between 0 and 1)"


def _problem_of_size(name: str, limit: float) -> str:
    if name == "jump" and not limit > 1:
        return "要大于 1 (must be greater than 1)"
    if limit < 0:
        return "不能小于 0 (must not be negative)"
    if name in _FROM_ONE and limit == 0:
        return "要大于 0 (must be greater than 0)"
    return "" if limit <= _MOST else f"不能大于 {_MOST} (must not be greater than {_MOST})"


def _problem_of_list(name: str, limit: object) -> str:
    if name == "watched":
        return _problem_of_watched(limit)
    if not isinstance(limit, list) or not all(isinstance(word, str) and word.strip() for word in limit):
        return '要写成词的列表，如 ["词", "词"] (must be a list of words, none of them empty)'
    return ""


def _problem_of_watched(limit: object) -> str:
    if not isinstance(limit, list) or not all(isinstance(group, list) and group for group in limit):
        return "要写成列表的列表，如 [[栏目, 栏目], [栏目]] (must be a list of lists of lines)"
    cells = [cell_id for edition in editions() for cell_id in form(edition).cells]
    for pattern in (pattern for group in limit for pattern in group):
        if not isinstance(pattern, str):
            return f"列表里只能写栏目编号 (its lists must hold ids of lines): {pattern}"
        if not any(fnmatchcase(cell_id, pattern) for cell_id in cells):
            return f"没有这个栏目 (no such line in any edition): {pattern}"
    return ""


def _defaults() -> Limits:
    return read_toml(resource("templates/limits.toml"))
