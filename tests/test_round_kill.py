"""Killed at any moment, nothing is lost, doubled or half written: the next run ends where one would have."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import WbTool
from tests.mail_servers import Authority, SmtpServer
from tests.mailing import Mail, address, filled, minutes, roster_csv, zipped

UNITS = range(1, 13)
KILLS = 17
"""For each of three commands: fifty in all."""

_TIMES = {
    "event": ("at",),
    "letter": ("drafted", "sent"),
    "meta": ("value",),
}


@pytest.fixture
def place(wb_tool: WbTool, tmp_path: Path) -> Path:
    """A round, nothing issued yet."""
    (tmp_path / "roster.csv").write_text(roster_csv(UNITS), encoding="utf-8")
    assert wb_tool("round", "init", "first", "--year", "2025", "--roster", "roster.csv").returncode == 0
    settings = tmp_path / "first" / "round.toml"
    text = settings.read_text(encoding="utf-8").replace(
        'from = ""', 'from = "公开办 <office@example.gov.cn>"'
    )
    settings.write_text(text.replace("per_minute = 8", "per_minute = 100000"), encoding="utf-8")
    return tmp_path / "first"


def _ledger(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Everything in the ledger but the clock."""
    connection = sqlite3.connect(folder / "ledger.sqlite")
    connection.row_factory = sqlite3.Row
    names = [row["name"] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    tables = {}
    for name in names:
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608
        for row in rows:
            for column in _TIMES.get(name, ()):
                row.pop(column)
        tables[name] = rows
    connection.close()
    return tables


def _files(folder: Path) -> dict[str, int]:
    """Every file of the round but the ledger, without what was being written when the end came."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".wb-", "ledger."))
    }


@contextmanager
def _undisturbed(arguments: list[str]) -> Iterator[float]:
    """How long the command takes when nobody kills it."""
    start = time.monotonic()
    assert subprocess.run(_command(arguments), capture_output=True, check=False).returncode == 0
    yield time.monotonic() - start


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "workbook_tool", *arguments]


def _killed(arguments: list[str], after: float) -> None:
    process = subprocess.Popen(_command(arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.kill()
    process.wait()


def _moments(seconds: float, seed: int) -> list[float]:
    """Moments of a run that takes so long, most of them after it has begun its work."""
    chance = random.Random(seed)
    return [chance.uniform(0.1, 1.05) * seconds for _ in range(KILLS)]


def test_issue(place: Path, tmp_path: Path) -> None:
    quiet = tmp_path / "quiet"
    shutil.copytree(place, quiet)
    with _undisturbed(["round", "issue", "-r", str(quiet)]) as seconds:
        expected = _ledger(quiet), set(_files(quiet))
    for moment in _moments(seconds, 1):
        again = tmp_path / "again"
        shutil.copytree(place, again)
        _killed(["round", "issue", "-r", str(again)], moment)

        done = subprocess.run(
            _command(["round", "issue", "-r", str(again)]), check=False, capture_output=True
        )

        assert done.returncode == 0
        assert (_ledger(again), set(_files(again))) == expected
        shutil.rmtree(again)


def test_collect(wb_tool: WbTool, place: Path, tmp_path: Path) -> None:
    wb_tool("round", "issue", "-r", str(place))
    box = tmp_path / "box"
    box.mkdir()
    for number in UNITS:
        issued = place / "workbooks" / f"2025-U{number:03d}-1.xlsx"
        content = filled(issued, {"t3.received.natural": 12 + number % 3})
        inside = (
            [("报表.zip", zipped({"年报.xlsx": content}))] if number % 4 == 0 else [("年报.xlsx", content)]
        )
        mail = bytes(Mail(address(number), received=minutes(number), attachments=inside))
        (box / f"{number}.eml").write_bytes(mail)
        (box / f"{number}.xlsx").write_bytes(content)
    quiet = tmp_path / "quiet"
    shutil.copytree(place, quiet)
    with _undisturbed(["round", "collect", str(box), "-r", str(quiet)]) as seconds:
        expected = _without_clock(_ledger(quiet)), _files(quiet)
    for moment in _moments(seconds, 2):
        again = tmp_path / "again"
        shutil.copytree(place, again)
        _killed(["round", "collect", str(box), "-r", str(again)], moment)

        done = subprocess.run(
            _command(["round", "collect", str(box), "-r", str(again)]), check=False, capture_output=True
        )

        assert done.returncode == 0
        assert (_without_clock(_ledger(again)), _files(again)) == expected
        shutil.rmtree(again)


def _without_clock(tables: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """Loose files are received when the run begins; that they all have one time is what counts."""
    loose = {row["received"] for row in tables["message"] if row["clock"] == "collected"}
    assert len(loose) == 1
    for row in (*tables["message"], *tables["part"]):
        row["received"] = "at the start" if row["received"] in loose else row["received"]
    return tables


def test_send(wb_tool: WbTool, place: Path, tmp_path: Path) -> None:
    wb_tool("round", "issue", "-r", str(place))
    authority = Authority(tmp_path / "tls")
    settings = (place / "round.toml").read_text(encoding="utf-8")
    password = "secret"  # noqa: S105  # of a server that lives in this test
    seconds = 0.0
    for moment in (None, *range(KILLS)):
        again = tmp_path / "again"
        shutil.copytree(place, again)
        with SmtpServer(authority, {"office@example.gov.cn": password}, _nowhere, tls="implicit") as server:
            text = settings.replace('host = ""\nport = 465', f'host = "localhost"\nport = {server.port}')
            (again / "round.toml").write_text(text, encoding="utf-8")
            send = ["round", "send", "-r", str(again), "--send", "--cafile", str(authority.cafile)]
            send += ["--password-stdin"]
            if moment is None:
                start = time.monotonic()
                _send(send, password, len(UNITS))
                seconds = time.monotonic() - start
            else:
                _send_killed(send, password, len(UNITS), _moments(seconds, 3)[moment])
                left = wb_tool("round", "send", "-r", str(again)).stdout.count("issue-")
                unknown = _statuses(again)["unknown"]
                waiting = _statuses(again)["drafted"]
                assert left >= waiting
                _send(send, password, waiting)
                assert unknown <= 1
            sent = Counter(message.message_id for message in server.accepted)
        assert max(sent.values()) == 1, "a letter was sent twice"
        statuses = _statuses(again)
        assert statuses["sent"] + statuses["unknown"] == len(UNITS)
        # What is on record as sent was taken by the server; what is in doubt may have been.
        assert statuses["sent"] <= len(sent) <= len(UNITS)
        shutil.rmtree(again)


def _nowhere(_user: str, _raw: bytes) -> None:
    """Mail that need not lie anywhere."""


def _statuses(folder: Path) -> Counter[str]:
    connection = sqlite3.connect(folder / "ledger.sqlite")
    found = Counter(status for (status,) in connection.execute("SELECT status FROM letter"))
    connection.close()
    return found


def _send(arguments: list[str], password: str, count: int) -> None:
    done = subprocess.run(
        _command([*arguments, "--yes", str(count)]),
        input=f"{password}\n".encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def _send_killed(arguments: list[str], password: str, count: int, after: float) -> None:
    process = subprocess.Popen(
        _command([*arguments, "--yes", str(count)]),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(f"{password}\n".encode())
    process.stdin.close()
    time.sleep(after)
    process.kill()
    process.wait()
