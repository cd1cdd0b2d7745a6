"""wb-tool: the workbook for the annual report on open government information, and back.

The public names; each is loaded when it is first used, so that importing the package is free::

    import workbook_tool as wb

    reading = wb.open_report("a.xlsx")      # any source: Reading(report | None, findings)
    findings = wb.check(reading, prior)     # Iterator[Finding]; prior, last year's, may be left out
    wb.render(reading.report, "txt")        # str
    wb.build_workbook(reading.report, "b.xlsx")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook_tool.changes import Difference, compare
    from workbook_tool.checks import Basis, check
    from workbook_tool.errors import FormError, OutputError, SourceError, WorkbookToolError
    from workbook_tool.excel.build import build_workbook
    from workbook_tool.fingerprint import digest
    from workbook_tool.forms import Cell, Form, edition_for, editions, form
    from workbook_tool.renderers import render
    from workbook_tool.renderers.charts import charts
    from workbook_tool.report import Reading, Report, blank_report
    from workbook_tool.rules import Finding, Place, Rule, rule, rule_book
    from workbook_tool.sources import open_report

__version__ = "0.1.0"

__all__ = [
    "Basis",
    "Cell",
    "Difference",
    "Finding",
    "Form",
    "FormError",
    "OutputError",
    "Place",
    "Reading",
    "Report",
    "Rule",
    "SourceError",
    "WorkbookToolError",
    "blank_report",
    "build_workbook",
    "charts",
    "check",
    "compare",
    "digest",
    "edition_for",
    "editions",
    "form",
    "open_report",
    "render",
    "rule",
    "rule_book",
]

_HOMES = {
    "changes": ("Difference", "compare"),
    "checks": ("Basis", "check"),
    "fingerprint": ("digest",),
    "errors": ("FormError", "OutputError", "SourceError", "WorkbookToolError"),
    "excel.build": ("build_workbook",),
    "forms": ("Cell", "Form", "edition_for", "editions", "form"),
    "renderers": ("render",),
    "renderers.charts": ("charts",),
    "report": ("Reading", "Report", "blank_report"),
    "rules": ("Finding", "Place", "Rule", "rule", "rule_book"),
    "sources": ("open_report",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
