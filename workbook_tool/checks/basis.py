"""What a report is held against besides itself: last year's report, limits and a lexicon of one's own."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook_tool.errors import FormError
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workbook_tool.checks.lexicon import Slip
    from workbook_tool.report import Report

Limits = dict[str, dict[str, Any]]


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
        return _problem_of_list(limit, ours)
    whole = isinstance(ours, int)
    if isinstance(limit, bool) or not isinstance(limit, int if whole else int | float):
        return "要写成整数 (must be a whole number)" if whole else "要写成数 (must be a number)"
    if name == "jump":
        return "" if 1 < limit < inf else "要大于 1 (must be greater than 1)"
    if whole:
        return "" if limit >= 0 else "不能小于 0 (must not be negative)"
    return "" if 0 <= limit <= 1 else "要在 0 和 1 之间 (must be between 0 and 1)"


def _problem_of_list(limit: object, ours: list[object]) -> str:
    if not isinstance(limit, list) or {type(entry) for entry in limit} - {type(entry) for entry in ours}:
        return "要写成与原有的一样的列表 (must be a list like the tool's own)"
    if any(not isinstance(line, str) for entry in limit if isinstance(entry, list) for line in entry):
        return "列表里只能写栏目编号 (its lists must hold ids of lines)"
    return ""


def _defaults() -> Limits:
    return read_toml(resource("templates/limits.toml"))
