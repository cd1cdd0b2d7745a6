"""Our own JSON (``export -f json``, schema ``wb-tool/report/1``) → `Reading`.

Data for machines is taken strictly: another schema, a key twice or a text where a number is due is refused;
of single figures only those that are wrong.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workbook_tool.entries import understand
from workbook_tool.errors import SourceError
from workbook_tool.fingerprint import digest
from workbook_tool.forms import cover_words, forms
from workbook_tool.grids import missing_finding, missing_section
from workbook_tool.phrase import Phrase
from workbook_tool.report import Reading, Report
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook_tool.forms import Cell, Form

SCHEMA = "wb-tool/report/1"
_TYPES: dict[str, type | tuple[type, ...]] = {
    "edition": str,
    "year": (int, type(None)),
    "agency": str,
    "cells": dict,
    "narratives": dict,
}
_OPTIONAL: dict[str, type] = {"opening": str, "digest": str}
_MOST = 10
_LONGEST_QUOTE = 40
_YEARS = range(1900, 2101)


def read_data(text: str) -> Reading:
    """The report in the JSON `text`; a `SourceError` where it is none of ours."""
    content = _parse(text)
    schema = content.get("schema")
    if schema != SCHEMA:
        raise SourceError("schema", {"found": _quote(schema)})
    _hold_types(content)
    known = _form_of(content["edition"], content["cells"])
    values: dict[Cell, int | Decimal | None] = {}
    findings = list(_unknown(content, known))
    for cell in known.cells.values():
        if cell.id in content["cells"]:
            findings += _take(cell, content["cells"][cell.id], values)
    findings += _missing(content, known)
    report = Report(
        form=known,
        agency=content["agency"],
        year=content["year"],
        values=values,
        narratives={s.id: content["narratives"].get(s.id, "") for s in known.narratives},
        opening=content.get("opening", ""),
        places={cell: Place(cell.where) for cell in known.cells.values() if cell.id in content["cells"]},
    )
    if content.get("digest", digest(report)) != digest(report):
        findings.append(Finding("W-08", case="digest"))
    return Reading(report, tuple(findings))


def _parse(text: str) -> dict[str, Any]:
    """The object that `text` is."""
    try:
        content = json.loads(text, object_pairs_hook=_once, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = Phrase(
            f"第{error.lineno}行第{error.colno}个字符", f"line {error.lineno}, column {error.colno}"
        )
        raise SourceError("json", {"problem": where}) from error
    except (ValueError, RecursionError) as error:
        raise SourceError("json", {"problem": Phrase("数太大或层次太深", "too large or too deep")}) from error
    if not isinstance(content, dict):
        raise SourceError("schema", {"found": _quote(content)})
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which every key stands once."""
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = _quote(next(key for key in keys if keys.count(key) > 1))
        raise SourceError("json", {"problem": Phrase(f"{twice} 出现两次", f"{twice} stands twice")})
    return content


def _no_number(name: str) -> None:
    raise SourceError("json", {"problem": Phrase(f"{name} 不是数", f"{name} is no number")})


def _hold_types(content: Mapping[str, Any]) -> None:
    """Refuse what is missing or of another type than the schema says."""
    for key, wanted in {**_TYPES, **_OPTIONAL}.items():
        if key in _OPTIONAL and key not in content:
            continue
        if not isinstance(content.get(key, ...), wanted) or isinstance(content[key], bool):
            found = _quote(content[key]) if key in content else ""
            said = Phrase(f"“{key}”不合规定 {found}", f"“{key}” is not as prescribed {found}")
            raise SourceError("json", {"problem": said})
    if content["year"] is not None and content["year"] not in _YEARS:
        raise SourceError("json", {"problem": Phrase(f"year {content['year']}", f"year {content['year']}")})
    for key, text in content["narratives"].items():
        if not isinstance(text, str):
            said = Phrase(f"“{_quote(key)}”不是文字", f"“{_quote(key)}” is no text")
            raise SourceError("json", {"problem": said})


def _form_of(edition: str, cells: Mapping[str, Any]) -> Form:
    """The edition, or the variant of it that has most of the `cells`."""
    found = [known for known in forms() if known.edition == edition]
    if not found:
        said = Phrase(f"没有“{_quote(edition)}”这种格式", f"there is no edition “{_quote(edition)}”")
        raise SourceError("json", {"problem": said})
    return max(found, key=lambda known: sum(name in known.cells for name in cells))


def _take(cell: Cell, raw: object, values: dict[Cell, int | Decimal | None]) -> Iterator[Finding]:
    """Put the figure that `raw` states into `values`: a whole number, money as a text, or null."""
    place = Place(cell.where)
    is_typed = isinstance(raw, str) if cell.kind == "money" else isinstance(raw, int)
    if raw is not None and (not is_typed or isinstance(raw, bool) or not str(raw).strip()):
        yield Finding("V-01", place, ids=(cell.id,), found=_quote(raw))
        return
    entry = understand(cell, raw, place, source="printed")
    if entry.decided:
        values[cell] = entry.figure
    if entry.finding:
        yield entry.finding


def _unknown(content: Mapping[str, Any], known: Form) -> Iterator[Finding]:
    """W-05: keys that the schema or the edition does not have."""
    narratives = {section.id for section in known.narratives}
    strange = [key for key in content if key not in {"schema", *_TYPES, *_OPTIONAL}]
    strange += [key for key in content["cells"] if key not in known.cells]
    strange += [key for key in content["narratives"] if key not in narratives]
    if strange:
        found = ", ".join(map(_quote, strange[:_MOST])) + (" …" if len(strange) > _MOST else "")
        yield Finding("W-05", Place(known.name), "unknown", found=found)


def _missing(content: Mapping[str, Any], known: Form) -> Iterator[Finding]:
    """What the edition has and the data does not."""
    if not content["agency"].strip():
        words = cover_words("agency")
        yield Finding("W-10", Place(words), "missing", details={"field": words})
    for section in known.sections:
        cells = [cell for cell in section.cells if cell.id not in content["cells"]]
        if cells:
            yield missing_finding(section, cells)
        if not section.tables and section.id not in content["narratives"]:
            yield missing_section(section)


def _quote(raw: object) -> str:
    text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
