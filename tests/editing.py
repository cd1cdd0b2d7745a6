"""What staff do to a workbook, as data: ``{ type = "13", into = "t3.received.natural" }``.

A step is one key that names the action and its arguments. The rule cases under ``tests/rules``
and the bad samples are made of these. Edits go through openpyxl, the independent library.
"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName

from workbook_tool.checks import Basis, check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.forms import form, forms
from workbook_tool.renderers import render
from workbook_tool.report import Report, blank_report
from workbook_tool.resources import resource
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbook_tool.forms import Form, Section
    from workbook_tool.rules import Finding

Step = dict[str, Any]
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def sample_report(edition: str = "2021", year: int = 2025, cover: Mapping[str, str] | None = None) -> Report:
    """The sample report of ``samples/report.txt``, or its figures in the other edition."""
    report = read_report(resource("samples/report.txt").read_bytes()).report
    assert report is not None
    if edition != report.form.edition:
        other = form(edition)
        values = dict.fromkeys(other.cells.values(), 0) | {
            cell: figure for cell, figure in report.values.items() if cell.id in other.cells
        }
        report = replace(
            blank_report(other), agency=report.agency, values=values, narratives=report.narratives
        )
    return replace(
        report,
        year=year,
        narratives={section: text.replace("2025", str(year)) for section, text in report.narratives.items()},
        cover={"agency_code": "11330100MB0000001X", "level": "其他单位", **(cover or {})},
    )


def workbook_of(case: Step) -> bytes:
    """The workbook that a case describes: the sample report after its steps, with `texts` of its own."""
    report = sample_report(case.get("edition", "2021"), case.get("year", 2025), case.get("cover"))
    report = replace(report, narratives={**report.narratives, **case.get("texts", {})})
    return edited(report, case.get("steps", []))


def printed_of(case: Step) -> bytes | None:
    """The report of a case as text, if it is one of a published report (``printed``), after its replacements.

    `variant` names a section that is printed as in another edition, `without` one whose tables are not.
    """
    if "printed" not in case:
        return None
    report = sample_report(case.get("edition", "2021"), case.get("year", 2025))
    report = replace(report, narratives={**report.narratives, **case.get("texts", {})})
    if "variant" in case:
        known = next(f for f in forms() if f.varied and f.varied.section == case["variant"])
        report = replace(
            report, form=known, values={cell: report.values.get(cell, 0) for cell in known.cells.values()}
        )
    text = render(report)
    if "without" in case:
        first, last = (section.heading for section in _and_next(report.form, case["without"]))
        text = f"{text[: text.index(first)]}{first}\n{text[text.index(last) :]}"
    for step in case["printed"]:
        assert text.count(step["replace"]) == 1, step
        text = text.replace(step["replace"], step["by"])
    return text.encode()


def _and_next(known: Form, section_id: str) -> tuple[Section, Section]:
    number = [section.id for section in known.sections].index(section_id)
    return known.sections[number], known.sections[number + 1]


def prior_of(case: Step) -> bytes | None:
    """Last year's workbook of a case that has a ``prior``: the sample's figures after steps of its own.

    Its texts are those of ``tests/last_year.toml`` but for `texts`, which are this year's over again.
    """
    if "prior" not in case:
        return None
    prior = case["prior"]
    year = prior.get("year", case.get("year", 2025) - 1)
    report = sample_report(prior.get("edition", "2021"), year, prior.get("cover"))
    own = tomllib.loads((Path(__file__).parent / "last_year.toml").read_text(encoding="utf-8"))
    texts = {section: text.strip() for section, text in own.items()} | {
        section: report.narratives[section] for section in prior.get("texts", [])
    }
    agency = prior.get("agency", report.agency)
    return edited(replace(report, narratives=texts, agency=agency), prior.get("steps", []))


def findings_of(case: Step) -> list[Finding]:
    """What is found in the workbook of a case, held against last year's if it has one."""
    prior = prior_of(case)
    basis = Basis(read_report(prior).report if prior else None, case.get("limits", {}))
    return list(check(read_report(printed_of(case) or workbook_of(case)), basis=basis))


def edited(report: Report, steps: Iterable[Step]) -> bytes:
    """The workbook of `report` after `steps`."""
    data = workbook_bytes(report)
    for step in steps:
        if "raw" in step:
            data = _raw(data, step)
        else:
            workbook = openpyxl.load_workbook(io.BytesIO(data))
            _apply(workbook, step)
            stream = io.BytesIO()
            workbook.save(stream)
            data = _timeless(stream.getvalue())
    return data


def _apply(workbook: openpyxl.Workbook, step: Step) -> None:  # noqa: C901, PLR0912, PLR0915  # a case an edit
    match step:
        case {"type": value, "into": name}:
            _cell(workbook, name).value = value
        case {"text": value, "into": name}:
            target = _cell(workbook, name)
            target.value, target.data_type = value, "s"
        case {"date": text, "into": name}:
            found = _cell(workbook, name)
            found.value, found.number_format = datetime.fromisoformat(text), "yyyy/m/d"
        case {"row_of": text, "in": prefix}:
            for name in _names(workbook, prefix):
                found = _cell(workbook, name)
                if found.data_type != "f":
                    found.value = text
        case {"clear": prefix}:
            for name in _names(workbook, prefix):
                target = _cell(workbook, name)
                if target.data_type != "f":
                    target.value = None
        case {"clear_column": column}:
            section, _, ending = column.replace(".", "_").partition("_")
            for name in workbook.defined_names:
                if name.startswith(f"{section}__") and name.endswith(f"__{ending}"):
                    found = _cell(workbook, name)
                    if found.data_type != "f":
                        found.value = None
        case {"retitle": old, "to": new}:
            for found in _cells_saying(workbook, old):
                found.value = new
        case {"add_sheet": title}:
            workbook.create_sheet(title)["A1"] = "其他内容"
        case {"drop_sheet": title}:
            del workbook[title]
        case {"drop_names": prefix}:
            for name in _names(workbook, prefix):
                del workbook.defined_names[name]
        case {"cut": name, "paste": address}:
            source = _cell(workbook, name)
            sheet = source.parent
            anchor: Any = sheet[address]
            anchor.value, source.value = source.value, None
            absolute = "$" + address[0] + "$" + address[1:]
            workbook.defined_names[_name(name)] = DefinedName(
                _name(name), attr_text=f"'{sheet.title}'!{absolute}"
            )
        case {"unprotect": title}:
            workbook[title].protection.sheet = False
        case {"copy_sheet": title, "with": value, "at": address}:
            copied = workbook.copy_worksheet(workbook[title])
            copied.protection.sheet = True
            changed: Any = copied[address]
            changed.value = value
        case {"copy_sheet": title}:
            workbook.copy_worksheet(workbook[title]).protection.sheet = True
        case {"drop_property": name}:
            del workbook.custom_doc_props[name]  # type: ignore[attr-defined]  # since openpyxl 3.1
        case {"merge": area, "on": title}:
            workbook[title].merge_cells(area)
        case {"unlock": name}:
            _cell(workbook, name).protection = Protection(locked=False)
        case {"drop_rules": title}:
            workbook[title].data_validations.dataValidation = []
        case {"hide_row": number, "on": title}:
            workbook[title].row_dimensions[number].hidden = True
        case {"write": value, "at": address, "on": title}:
            written: Any = workbook[title][address]
            written.value = value
        case {"explain": rule, "place": place, "because": text}:
            sheet = workbook["核实说明"]
            free = next(r for r in range(4, 40) if sheet.cell(r, 1).value is None)
            for column, value in enumerate((rule, place, text), start=1):
                sheet.cell(free, column, value)
        case _:
            message = f"not a known step: {step}"
            raise ValueError(message)


def _cells_saying(workbook: openpyxl.Workbook, text: str) -> list[Any]:
    rows = (row for sheet in workbook.worksheets for row in sheet.iter_rows())
    return [cell for row in rows for cell in row if cell.value == text]


def _raw(data: bytes, step: Step) -> bytes:
    match step:
        case {"raw": "empty"}:
            return b""
        case {"raw": "truncate"}:
            return data[: len(data) // 2]
        case {"raw": "replace", "content": text}:
            return str(text).encode()
        case {"raw": "add_member", "name": name}:
            stream = io.BytesIO(data)
            with zipfile.ZipFile(stream, "a") as archive:
                archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), b"\x00" * 64)
            return stream.getvalue()
        case _:
            message = f"not a known step: {step}"
            raise ValueError(message)


def _name(cell_id: str) -> str:
    if cell_id.startswith(("cover", "s1", "s5", "s6", "opening")):
        return cell_id
    for edition in ("2021", "2019"):
        if cell_id in form(edition).cells:
            return form(edition).cells[cell_id].name
    raise KeyError(cell_id)


def _names(workbook: openpyxl.Workbook, prefix: str) -> list[str]:
    wanted = prefix.replace(".", "_")
    return [name for name in workbook.defined_names if name.replace("__", "_").startswith(wanted)]


def _cell(workbook: openpyxl.Workbook, name: str) -> Any:
    defined = workbook.defined_names[name if name in workbook.defined_names else _name(name)]
    title, address = next(iter(defined.destinations))
    return workbook[title][address.replace("$", "")]


def _timeless(data: bytes) -> bytes:
    """The same workbook with the clock taken out, so that samples are the same every time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == _CORE:
                content = _DATES.sub(b"", content)
            fresh = zipfile.ZipInfo(member.filename, _FIXED_TIME)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fresh, content)
    return stream.getvalue()
