"""Encrypted workbooks: Excel's own default password, one that the user gives, and none that fits."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WbTool
from tests.editing import sample_report
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.sources import Opening, read_report


def _encrypted(password: str) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    plain: Any = OOXMLFile(io.BytesIO(workbook_bytes(sample_report())))
    stream = io.BytesIO()
    plain.encrypt(password, stream)
    return stream.getvalue()


def test_excels_default_password_needs_no_asking() -> None:
    assert read_report(_encrypted("VelvetSweatshop")).report == sample_report()


def test_a_given_password_opens_and_a_wrong_one_is_said() -> None:
    data = _encrypted("柳湾2025")

    assert read_report(data, Opening(passwords=("wrong", "柳湾2025"))).report == sample_report()
    assert [finding.case for finding in read_report(data).findings] == ["encrypted"]


def test_passwords_come_from_a_file(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(_encrypted("柳湾2025"))
    (tmp_path / "passwords.txt").write_text("one\r\n柳湾2025\r\n", encoding="utf-8")

    assert wb_tool("check", "a.xlsx").returncode == 1
    assert wb_tool("check", "a.xlsx", "--password-file", "passwords.txt").returncode == 0


@pytest.mark.parametrize("isolate", [True, False])
def test_isolation_reads_the_same(isolate: bool) -> None:
    data = workbook_bytes(sample_report())

    assert read_report(data, Opening(isolate=isolate)).report == sample_report()
    assert [finding.case for finding in read_report(data[:9000], Opening(isolate=isolate)).findings] == [
        "truncated"
    ]
