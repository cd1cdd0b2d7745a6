"""The editions that are shipped in ``templates/editions``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.errors import FormError
from workbook_tool.forms.load import load_form
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from workbook_tool.forms.model import Form


@cache
def editions() -> tuple[str, ...]:
    """The ids of all editions, newest first; a `FormError` where there are none."""
    folder = resource("templates/editions")
    found = tuple(sorted((path.stem for path in folder.glob("*.toml")), reverse=True))
    if not found:
        raise FormError(str(folder), "*.toml", "没有格式文件 (no edition files)")
    return found


@cache
def form(edition: str) -> Form:
    """The edition with this id; an unknown one is a `FormError`."""
    if edition not in editions():
        raise FormError("templates/editions", edition, f"no such edition (have: {', '.join(editions())})")
    rules = read_toml(resource("templates/rules.toml")).keys() - {"case", "words"}
    return load_form(resource(f"templates/editions/{edition}.toml"), rules)


@cache
def forms() -> tuple[Form, ...]:
    """What a report may look like: every edition, newest first, each followed by its variants."""
    found: list[Form] = []
    for edition in editions():
        known = form(edition)
        found += [known, *(known.with_section_of(form(v.edition), v) for v in known.variants)]
    return tuple(found)


def edition_for(year: int) -> Form:
    """The edition that the notices prescribe for reports on `year`; the newest where none says so."""
    return next((form(e) for e in editions() if form(e).covers(year)), form(editions()[0]))
