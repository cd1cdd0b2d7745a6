"""A short run of the fuzzer; the long one is ``python -m tests.fuzz``."""

from __future__ import annotations

from pathlib import Path

from tests import fuzz
from tests.editing import sample_report
from workbook_tool.excel.build import workbook_bytes


def test_mutated_workbooks_give_findings_and_nothing_else(tmp_path: Path) -> None:
    statuses, complaints = fuzz.run(range(300), workbook_bytes(sample_report()), tmp_path)

    assert complaints == []
    assert statuses.total() == 300
    assert {"pass", "fail", "unreadable"} <= set(statuses)
