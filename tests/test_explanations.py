"""核实说明: a warning passes once it is explained, for as long as the figures stay."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import WbTool
from tests.editing import Step, edited, sample_report
from workbook_tool import open_report


def test_an_explanation_lapses_when_its_figures_change(wb_tool: WbTool, tmp_path: Path) -> None:
    steps: list[Step] = [
        {"type": 9, "into": "t2.normative_documents.issued"},
        {"explain": "T2-01", "place": "", "because": "清理时一并失效"},
    ]
    report = sample_report()
    (tmp_path / "first.xlsx").write_bytes(edited(report, steps))

    assert wb_tool("check", "first.xlsx", "--strict").returncode == 0
    assert wb_tool("repair", "first.xlsx", "-o", "stamped.xlsx").returncode == 0
    assert wb_tool("check", "stamped.xlsx", "--strict").returncode == 0
    stamped = open_report(tmp_path / "stamped.xlsx").report
    assert stamped is not None
    (explanation,) = stamped.explanations
    (tmp_path / "later.xlsx").write_bytes(
        edited(stamped, [{"type": 7, "into": "t2.normative_documents.issued"}])
    )
    later = wb_tool("check", "later.xlsx", "--strict")

    assert explanation.figures
    assert later.returncode == 1
    assert "清理时一并失效" in later.stdout
    assert "失效" in later.stdout


def test_an_address_that_two_sheets_have_explains_neither(wb_tool: WbTool, tmp_path: Path) -> None:
    warnings: list[Step] = [
        {"text": "12", "into": "t3.received.natural"},
        {"text": "0", "into": "t2.normative_documents.in_force"},
    ]
    reason: Step = {"explain": "V-05", "place": "D7", "because": "已核对"}
    (tmp_path / "one.xlsx").write_bytes(edited(sample_report(), [warnings[0], reason]))
    (tmp_path / "two.xlsx").write_bytes(edited(sample_report(), [*warnings, reason]))
    named: Step = {**reason, "place": "三 收到和处理申请!D7"}
    (tmp_path / "named.xlsx").write_bytes(edited(sample_report(), [*warnings, named]))

    assert wb_tool("check", "one.xlsx").stdout.count("已说明：") == 1
    assert wb_tool("check", "two.xlsx").stdout.count("已说明：") == 0
    assert wb_tool("check", "named.xlsx").stdout.count("已说明：") == 1
