"""What is told of a roll-up: lines for a terminal, or JSON of the schema ``wb-tool/rollup/1``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workbook_tool.checks.verdict import summed_up
from workbook_tool.excel.rollup_layout import words
from workbook_tool.reporters.as_json import finding_entry
from workbook_tool.reporters.terminal import finding_lines, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.rollup.roll_up import RollUp
    from workbook_tool.rollup.summing import Aside
    from workbook_tool.rollup.units import Unit

SCHEMA = "wb-tool/rollup/1"


def rollup_lines(result: RollUp, language: str) -> Iterator[str]:
    """What counts and what does not, who is missing, and the findings."""
    return map(one_line, _lines(result, language))


def _lines(result: RollUp, language: str) -> Iterator[str]:
    report = result.report
    yield f"{report.agency} · {report.year} · {report.form.edition}"
    yield from (f"  {remark.say(language)}" for remark in result.remarks)
    if result.excluded:
        yield f"  {words('words', 'excluded_title', count=len(result.excluded)).say(language)}"
        for unit, why, _ in result.excluded:
            named = f"{unit.agency}  {unit.source}" if unit.agency else unit.source
            yield f"    {named}: {why.say(language)}"
    if result.missing:
        yield f"  {words('words', 'missing_title', count=len(result.missing)).say(language)}"
        yield from (f"    {named.agency}  {named.code}".rstrip() for named in result.missing)
    for finding in result.findings:
        yield from finding_lines(finding, language)
    if result.findings or result.is_sound:  # those who are left out are fault enough
        yield f"  {summed_up(result.findings, language)}"


def rollup_json(result: RollUp, output: str, language: str) -> str:
    """The same as one JSON document; `output` is where the workbook is."""
    report = result.report
    content = {
        "schema": SCHEMA,
        "file": output,
        "edition": report.form.edition,
        "agency": report.agency,
        "year": report.year,
        "counted": [_unit(unit) for unit in result.counted],
        "excluded": [
            {**_unit(one.unit), "reason": one.reason, "why": one.why.say(language)} for one in result.excluded
        ],
        "missing": None if result.missing is None else [named._asdict() for named in result.missing],
        "left_out": _asides(result.sums.left_out),
        "lacking": _asides(result.sums.lacking),
        "findings": [finding_entry(finding, language) for finding in result.findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _unit(unit: Unit) -> dict[str, Any]:
    errors, warnings, notices = unit.counts
    return {
        "source": unit.source,
        "agency": unit.agency,
        "code": unit.code,
        "status": unit.status,
        "errors": errors,
        "warnings": warnings,
        "notices": notices,
        "own": unit.is_own,
    }


def _asides(asides: Sequence[Aside]) -> list[dict[str, Any]]:
    return [
        {"sources": [unit.source for unit in aside.units], "ids": [cell.id for cell in aside.cells]}
        for aside in asides
    ]
