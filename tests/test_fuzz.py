"""A short run of the fuzzer; the long one is ``python -m tests.fuzz``."""

from __future__ import annotations

from tests import fuzz
from tests.editing import sample_report
from workbook_tool.excel.build import workbook_bytes


def test_mutated_workbooks_give_findings_and_nothing_else() -> None:
    data = workbook_bytes(sample_report())

    outcomes = [fuzz.run(seed, data) for seed in range(300)]

    assert set(outcomes) == {"pass", "fail", "unreadable"}
