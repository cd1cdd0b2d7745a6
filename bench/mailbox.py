"""Ten thousand messages taken in at one run: how fast, and how much memory each process ever holds.

    python bench/mailbox.py [COUNT]

Every second message carries a workbook that was filled in; a unit sends new figures each time. The others
are what a mailbox holds besides: questions, bounces, scans.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.mailing import Mail, address, bounce, filled, minutes, roster_csv  # noqa: E402  # of this checkout

UNITS = range(1, 201)


def main() -> None:
    """Make the mailbox, take it in, print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "roster.csv").write_text(roster_csv(UNITS), encoding="utf-8")
        _run(folder, "init", "r", "--year", "2025", "--roster", "roster.csv")
        _run(folder, "issue", "-r", "r")
        _fill(folder, count)
        for attempt in ("first", "second"):
            seconds, peaks = _watched(folder, "collect", "mail.mbox", "-r", "r")
            peak = ", ".join(f"{kind} {mib:.0f} MiB" for kind, mib in sorted(peaks.items()))
            print(f"{attempt} run: {count} messages, {seconds:.0f} s, {count / seconds:.0f}/s; {peak}")


def _fill(folder: Path, count: int) -> None:
    """The mailbox as one mbox."""
    with (folder / "mail.mbox").open("wb") as box:
        for number in range(count):
            unit = UNITS[number // 2 % len(UNITS)]
            message = bytes(_mail(folder, unit, number)).replace(b"\r\n", b"\n")
            box.write(b"From x@example.com Mon Jan  5 09:00:00 2026\n" + message.rstrip(b"\n") + b"\n\n")


def _mail(folder: Path, unit: int, number: int) -> Mail:
    if number % 2 == 0:
        issued = folder / "r" / "workbooks" / f"2025-U{unit:03d}-1.xlsx"
        content = filled(issued, {"t2.penalty.decisions": number})
        return Mail(address(unit), "报送", received=minutes(number), attachments=[("年报.xlsx", content)])
    if number % 3 == 0:
        return bounce(f"{number}@example.com", address(unit), minutes(number))
    scan = [("盖章.pdf", b"%PDF-1.4 " + os.urandom(20_000))] if number % 5 == 0 else []
    return Mail(address(unit), f"问题 {number}", received=minutes(number), attachments=scan)


def _run(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "workbook_tool", "round", *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _watched(folder: Path, *arguments: str) -> tuple[float, dict[str, float]]:
    """The seconds a command takes, and the most memory that any process of each kind held."""
    command = [sys.executable, "-m", "workbook_tool", "round", *arguments]
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    peaks: dict[str, float] = {}
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            for kind, mib in _family(process.pid):
                peaks[kind] = max(mib, peaks.get(kind, 0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        sys.exit(f"exit code {code}")
    return time.monotonic() - start, peaks


def _family(pid: int) -> list[tuple[str, float]]:
    """The peak memory so far of a process and its children, by what they do (Linux)."""
    found = []
    todo = [pid]
    while todo:
        one = todo.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text(encoding="utf-8")
            words = Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")
            threads = Path(f"/proc/{one}/task").glob(
                "*/children"
            )  # a child belongs to the thread that began it
            children = [child for thread in threads for child in thread.read_text(encoding="utf-8").split()]
        except OSError:
            continue
        peak = next(
            (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0
        )
        kind = next((word.decode() for word in words if word.startswith(b"workbook_tool")), "")
        found.append((kind.removeprefix("workbook_tool").lstrip(".") or "collect", peak))
        todo += map(int, children)
    return found


if __name__ == "__main__":
    main()
