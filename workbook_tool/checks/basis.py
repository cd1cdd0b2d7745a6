"""What a report is held against besides itself: last year's report, limits and a lexicon of one's own."""

from __future__ import annotations

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
    """The limits that a profile file states; one that is unknown or of another type is a `FormError`."""
    stated = read_toml(profile)
    known = _defaults()
    for group, limits in stated.items():
        for name, limit in limits.items() if isinstance(limits, dict) else ((group, limits),):
            if group not in known or name not in known[group]:
                have = ", ".join(f"{g}.{n}" for g, entries in known.items() for n in entries)
                raise FormError(profile.name, f"{group}.{name}", f"unknown limit (have: {have})")
            wanted = type(known[group][name])
            if not isinstance(limit, int | float if wanted is float else wanted) or isinstance(limit, bool):
                raise FormError(profile.name, f"{group}.{name}", f"must be {wanted.__name__}")
            if isinstance(limit, list) and {*map(type, limit)} - {*map(type, known[group][name])}:
                raise FormError(profile.name, f"{group}.{name}", "must be a list like the tool's own")
    return stated


def _defaults() -> Limits:
    return read_toml(resource("templates/limits.toml"))
