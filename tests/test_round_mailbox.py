"""The mixed mailbox: 200 units, 400 messages, every line of the ledger as expected."""

from __future__ import annotations

import io
import json
import mailbox
import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import openpyxl
import pytest

from tests import office
from tests.conftest import WbTool
from tests.mailing import filled, filled_report, roster_csv
from tests.mixed_mailbox import UNITS, Line, Mailbox, mixed_mailbox
from tests.test_hostile import HOSTILE
from workbook_tool.excel.build import workbook_bytes

pytestmark = pytest.mark.office


def _specials(round_folder: Path, folder: Path) -> dict[str, bytes]:
    """Workbooks that only other programs make."""
    issued = {n: round_folder / "workbooks" / f"2025-U{n:03d}-1.xlsx" for n in UNITS}
    token = {"token": "WBT-2024-U151-1-AAAAAAAA"}
    foreign = io.BytesIO()
    list_of_people = openpyxl.Workbook()
    list_of_people.active["A1"] = "参会人员名单"  # type: ignore[index]
    list_of_people.save(foreign)
    encrypted = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(filled(issued[184]))).encrypt("年报", encrypted)
    specials = {
        "last year": workbook_bytes(replace(filled_report(issued[151]), year=2024, issued=token)),
        "foreign": foreign.getvalue(),
        "encrypted": encrypted.getvalue(),
        "hostile": HOSTILE["merge of the whole sheet"][0](),
    }
    for number in range(181, 184):
        source, saved = folder / f"{number}.xlsx", folder / f"{number}.xls"
        source.write_bytes(filled(issued[number]))
        office.work(source, save=saved)
        specials[f"xls {number}"] = saved.read_bytes()
    return specials


@pytest.fixture
def box(wb_tool: WbTool, tmp_path: Path) -> Mailbox:
    """A round that was issued, and the mailbox, not yet taken in."""
    (tmp_path / "roster.csv").write_bytes(roster_csv(UNITS).encode("gb18030"))
    assert wb_tool("round", "init", "r", "--year", "2025", "--roster", "roster.csv").returncode == 0
    assert wb_tool("round", "issue", "-r", "r").returncode == 0
    assert wb_tool("round", "mark", "-r", "r", "--all").returncode == 0
    ids = dict(
        sqlite3.connect(tmp_path / "r" / "ledger.sqlite").execute("SELECT unit, message_id FROM letter")
    )
    return mixed_mailbox(
        lambda number: tmp_path / "r" / "workbooks" / f"2025-U{number:03d}-1.xlsx",
        lambda number: ids[f"U{number:03d}"],
        _specials(tmp_path / "r", tmp_path),
    )


def _put_down(box: Mailbox, folder: Path) -> list[str]:
    """The messages, a third of them in each kind of mailbox, and some in two of them."""
    third = len(box.messages) // 3
    loose, file, maildir = folder / "eml", folder / "mail.mbox", folder / "Maildir"
    loose.mkdir()
    for number, message in enumerate(box.messages[: third + 20]):
        (loose / f"{number:04d}.eml").write_bytes(message)
    with file.open("wb") as stream:
        for message in box.messages[third : 2 * third]:
            text = message.replace(b"\r\n", b"\n")
            stream.write(b"From x@example.com Mon Jan  5 09:00:00 2026\n" + text.rstrip(b"\n") + b"\n\n")
    with_directories = mailbox.Maildir(maildir)
    for message in box.messages[2 * third :]:
        with_directories.add(message)
    return [str(loose), str(file), str(maildir)]


def _lines(history: dict[str, Any]) -> list[Line]:
    """The ledger, each unit's figures numbered as the mailbox numbers them: in the order of its messages."""
    numbers: dict[tuple[str, str], str] = {}
    lines = []
    for row in sorted(history["intake"], key=lambda row: (_ordinal(row["subject"]), row["part"] or 0)):
        key = (row["unit"] or "", row["digest"] or "")
        known = [one for one in numbers if one[0] == key[0]]
        figures = numbers.setdefault(key, str(len(known) + 1)) if row["unit"] else ""
        reason = row["reason"] or (
            "" if row["submission"] else row["message_reason"] if not row["part"] else ""
        )
        lines.append(Line(row["subject"], row["name"] or "", row["unit"], figures, row["status"], reason))
    return lines


def _ordinal(subject: str) -> int:
    return int(subject.removeprefix("第").partition("封")[0])


def test_every_line_of_the_ledger_is_as_expected_and_a_second_run_changes_nothing_and_answers_are_few(
    wb_tool: WbTool, box: Mailbox, tmp_path: Path
) -> None:
    assert len(box.messages) == 400
    paths = _put_down(box, tmp_path)

    done = wb_tool("round", "collect", *paths, "-r", "r", "--by", "coordinator")
    history = json.loads(wb_tool("round", "history", "-r", "r", "--format", "json").stdout)
    board = json.loads(wb_tool("round", "status", "-r", "r", "--format", "json", "--on", "2026-01-10").stdout)

    assert done.returncode == 0, done.stderr
    assert "新收 400 件，已收过 20 件" in done.stdout
    expected = sorted(box.lines, key=lambda line: (_ordinal(line.subject), line.name))
    assert sorted(_lines(history), key=lambda line: (_ordinal(line.subject), line.name)) == expected
    assert {unit["code"]: unit["status"] for unit in board["units"]} == box.statuses
    before = _dump(tmp_path / "r")
    again = wb_tool("round", "collect", *paths, "-r", "r")
    assert "新收 0 件，已收过 420 件" in again.stdout
    assert _dump(tmp_path / "r") == before

    first = wb_tool("round", "reply", "-r", "r", "--on", "2026-01-10")
    second = wb_tool("round", "reply", "-r", "r", "--on", "2026-01-10")

    assert first.returncode == 0, first.stderr
    assert "草稿 0 封" in second.stdout
    kinds = Counter(line.split()[-1] for line in first.stdout.splitlines() if ".eml" in line)
    passed = sum(status == "passed" for status in box.statuses.values())
    returned = sum(status == "returned" for status in box.statuses.values())
    assert (kinds["通过"], kinds["退回修改"]) == (passed, returned)
    # Wrong year 5, encrypted 3, hostile 3, links 3, a scan 1, and 5 that were cut off after a good one.
    assert kinds["读不出"] == 20
    answered = {path.name.split("-")[1] for path in (tmp_path / "r" / "outbox").glob("reply-*")}
    assert not answered & {"U196", "U197", "U198", "U199"}


def _dump(round_folder: Path) -> list[str]:
    return list(sqlite3.connect(round_folder / "ledger.sqlite").iterdump())
