"""Rows and columns inserted and deleted behind the names' backs: no figure is ever read into another line."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import openpyxl
import pytest

from tests.editing import sample_report
from workbook_tool import Report
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.report import with_totals
from workbook_tool.sources import read_report

TABS = {"二 主动公开": (18, 5), "三 收到和处理申请": (34, 11), "四 复议和诉讼": (9, 16)}
OPERATIONS = ("insert_rows", "delete_rows", "insert_cols", "delete_cols")


def _report() -> Report:
    """A report whose figures all differ, so that any exchange shows."""
    report, draw = sample_report(), random.Random(7)
    numbers = draw.sample(range(1, 9_999), len(report.values))
    values = dict(zip(report.values, numbers, strict=True))
    return replace(report, values=with_totals(report.form, values, report.form.sums))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("tab", TABS)
def test_every_figure_is_right_or_left_out(tab: str, operation: str) -> None:
    report = _report()
    data = workbook_bytes(report)
    for place in range(1, TABS[tab][0 if operation.endswith("rows") else 1]):
        workbook = openpyxl.load_workbook(io.BytesIO(data))
        getattr(workbook[tab], operation)(place)
        stream = io.BytesIO()
        workbook.save(stream)

        reading = read_report(stream.getvalue())

        assert reading.report is not None
        wrong = {
            cell.id: figure
            for cell, figure in reading.report.values.items()
            if not cell.is_total and figure is not None and figure != report.values[cell]
        }
        assert wrong == {}, place
        lost = [
            cell for cell in report.values if not cell.is_total and reading.report.values.get(cell) is None
        ]
        assert not lost or any(finding.severity == "error" for finding in reading.findings)
