"""Lifting what can be recovered out of a workbook that came back in a bad state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WbTool
from tests.editing import Step, edited, sample_report
from workbook_tool import check, digest, open_report
from workbook_tool.excel.build import workbook_bytes

DAMAGE: dict[str, list[Step]] = {
    "names lost": [{"drop_names": "t3"}, {"drop_names": "t2"}],
    "a total typed over": [{"type": 12, "into": "t3.received.total"}],
    "unprotected, a row hidden": [
        {"unprotect": "三 收到和处理申请"},
        {"hide_row": 8, "on": "三 收到和处理申请"},
    ],
    "a label reworded": [{"retitle": "(一)予以公开", "to": "(一)同意公开"}],
    "numbers as text": [{"text": "845", "into": "t2.penalty.decisions"}],
    "macros": [{"raw": "add_member", "name": "xl/vbaProject.bin"}],
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_can_be_recovered_is_as_it_was(name: str, wb_tool: WbTool, tmp_path: Path) -> None:
    report = sample_report(cover={"level": "乡镇政府、街道办事处", "contact": "甲"})
    (tmp_path / "broken.xlsx").write_bytes(edited(report, DAMAGE[name]))

    done = wb_tool("repair", "broken.xlsx", "-o", "mended.xlsx")

    assert done.returncode == 0, done.stderr
    assert "已" in done.stderr
    mended = open_report(tmp_path / "mended.xlsx")
    assert mended.report == report
    assert list(check(mended)) == []


def test_what_is_lost_is_listed_and_left_to_be_filled_in(wb_tool: WbTool, tmp_path: Path) -> None:
    steps: list[Step] = [{"text": "约3件", "into": "t2.penalty.decisions"}, {"drop_sheet": "六 其他事项"}]
    (tmp_path / "broken.xlsx").write_bytes(edited(sample_report(), steps))

    done = wb_tool("repair", "broken.xlsx", "-o", "mended.xlsx")

    assert done.returncode == 1
    assert "没能恢复" in done.stderr
    assert "约3件" in done.stderr
    assert "六、其他需要报告的事项" in done.stderr
    left = {finding.rule: finding.place.words.zh for finding in check(open_report(tmp_path / "mended.xlsx"))}
    assert left == {"V-04": "表二 · 行政处罚 · 本年处理决定数量", "N-01": "第六部分"}


def test_last_years_template_is_moved_to_the_years_own(wb_tool: WbTool, tmp_path: Path) -> None:
    old = sample_report("2019", 2025)
    (tmp_path / "old.xlsx").write_bytes(workbook_bytes(old))

    done = wb_tool("repair", "old.xlsx", "-o", "new.xlsx")

    new = open_report(tmp_path / "new.xlsx").report
    assert new is not None
    assert done.returncode == 1
    assert "这一格式没有这一项" in done.stderr
    assert new.form.edition == "2021"
    assert new["t3.received.natural"] == 12
    assert new["t2.government_rules.issued"] is None
    assert new.narratives == old.narratives


def test_the_digest_is_the_same_for_all_that_say_the_same(wb_tool: WbTool, tmp_path: Path) -> None:
    report = sample_report()
    (tmp_path / "a.xlsx").write_bytes(workbook_bytes(report))
    steps: list[Step] = [{"drop_names": "t3"}, {"text": "845", "into": "t2.penalty.decisions"}]
    (tmp_path / "b.xlsx").write_bytes(edited(report, steps))
    (tmp_path / "c.xlsx").write_bytes(edited(report, [{"clear": "t2.fees"}]))

    def of(name: str) -> Any:
        return json.loads(wb_tool("export", name).stdout)["digest"]

    assert of("a.xlsx") == of("b.xlsx") == digest(report)
    assert of("c.xlsx") != of("a.xlsx")


def test_what_contradicts_itself_is_not_called_put_right(wb_tool: WbTool, tmp_path: Path) -> None:
    steps: list[Step] = [
        {"type": "别的单位", "into": "cover__agency"},
        {"type": 13, "into": "t3.received.total"},
    ]
    (tmp_path / "broken.xlsx").write_bytes(edited(sample_report(), steps))

    done = wb_tool("repair", "broken.xlsx", "-o", "mended.xlsx")

    assert done.returncode == 1
    assert "W-10" in done.stderr
    assert "已恢复" not in done.stderr
