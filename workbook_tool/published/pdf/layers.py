"""The layers of a PDF (optional content): which are shown and which are not."""

from __future__ import annotations

from typing import Any

from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

from workbook_tool.published.pdf.sight import Sight

_STATES = (("View", "ViewState"), ("Print", "PrintState"))


class Layers:
    """What the catalogue of a document says of its layers (ISO 32000-1, 8.11)."""

    def __init__(self, catalog: dict[str, Any]) -> None:
        """Take the state in which the document opens."""
        properties = _dict(catalog.get("OCProperties"))
        opens = _dict(properties.get("D"))
        self._is_on = word(opens.get("BaseState")) != "OFF"
        self._others = {_id(each) for each in _list(opens.get("OFF" if self._is_on else "ON"))}
        self._has_usage = bool(_list(opens.get("AS")))

    def sight(self, reference: object) -> Sight:
        """How much is seen of what belongs to a layer, or to some together."""
        group = _dict(reference)
        if not group:
            return Sight.SEEN
        if word(group.get("Type")) != "OCMD":
            return self._group(_id(reference), group)
        members = group.get("OCGs")
        several = resolve1(members) if isinstance(resolve1(members), list) else [members]
        sights = [self.sight(member) for member in several if _dict(member)]
        if "VE" in group:
            return Sight.UNSURE
        policy = word(group.get("P")) or "AnyOn"
        worst, best = max(sights, default=Sight.SEEN), min(sights, default=Sight.SEEN)
        return {"AllOn": worst, "AnyOn": best}.get(policy, Sight.UNSURE)

    def _group(self, number: int | None, group: dict[str, Any]) -> Sight:
        if number is None:
            return Sight.UNSURE
        is_on = self._is_on is not (number in self._others)
        usage = _dict(group.get("Usage")) if self._has_usage else {}
        stated = {word(_dict(usage.get(kind)).get(key)) for kind, key in _STATES} - {""}
        if stated - {"ON" if is_on else "OFF"}:
            return Sight.UNSURE
        return Sight.SEEN if is_on else Sight.UNSEEN


def word(value: object) -> str:
    """What a name says; empty where `value` is none."""
    found = resolve1(value)
    return str(found.name) if isinstance(found, PSLiteral) else ""


def numbers(box: object) -> list[float]:
    """The four numbers of a box; none where it is no box."""
    parts = resolve1(box)
    found = [resolve1(part) for part in parts] if isinstance(parts, list | tuple) else []
    numbers = [float(part) for part in found if isinstance(part, int | float)]
    return numbers if len(numbers) == 4 else []  # noqa: PLR2004


def _dict(value: object) -> dict[str, Any]:
    found = resolve1(value)
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[Any]:
    found = resolve1(value)
    return found if isinstance(found, list) else []


def _id(reference: object) -> int | None:
    return getattr(reference, "objid", None)
