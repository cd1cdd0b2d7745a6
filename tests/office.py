"""Driving LibreOffice as a member of staff would: open, type, recalculate, save, print.

`work` hands jobs to this very file run by the system's Python, which has the bridge to LibreOffice
(UNO). One office program serves all tests of a process; one that crashed is started anew.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SYSTEM_PYTHON = "/usr/bin/python3"
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".pdf": "calc_pdf_Export",
}
LONGEST_JOB = 180
"""Seconds after which a job is given up."""


def work(
    source: Path,
    *,
    entries: Mapping[str, Mapping[str, object]] | None = None,
    save: Path | None = None,
    read: dict[str, list[str]] | None = None,
    edits: Sequence[Sequence[object]] = (),
) -> dict[str, dict[str, str]]:
    """Open `source`, make `entries` (by sheet and address), recalculate, save, and read what cells show."""
    job = {
        "source": str(source),
        "entries": entries or {},
        "save": str(save) if save else None,
        "read": read or {},
        "edits": edits,
    }
    # An office program crashes now and then for reasons of its own; thrice at one job is no accident.
    answer = None
    for _ in range(3):
        answer = answer or _Driver.current().ask(job)
    assert answer is not None, f"LibreOffice died thrice at {job}"
    assert "failed" not in answer, answer["failed"]
    shown: dict[str, dict[str, str]] = answer["shown"]
    return shown


class _Driver:
    """The system's Python with a LibreOffice of its own, asked for one job at a time."""

    running: _Driver | None = None

    @classmethod
    def current(cls) -> _Driver:
        """The driver that runs, or a new one."""
        if cls.running is None:
            cls.running = cls()
            atexit.register(cls.running.stop)
        return cls.running

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [SYSTEM_PYTHON, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, job: Mapping[str, object]) -> dict[str, Any] | None:
        """What became of `job`; ``None`` if the office program did not survive it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        watch = threading.Timer(LONGEST_JOB, self.process.terminate)
        watch.start()
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            watch.cancel()
        if line:
            return dict(json.loads(line))
        self.stop()
        return None

    def stop(self) -> None:
        """Have the office program ended; the next job starts another."""
        _Driver.running = None
        self.process.terminate()
        self.process.communicate()


def to_pictures(pdf: Path, folder: Path) -> list[Path]:
    """The pages of `pdf` as PPM pictures."""
    subprocess.run(["pdftoppm", "-r", "50", str(pdf), str(folder / pdf.stem)], check=True)
    return sorted(folder.glob(f"{pdf.stem}-*.ppm"))


def _main() -> None:
    """Do jobs from standard input, a line each, until the office program dies or nobody asks any more."""
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"wbtool{os.getpid()}"
        office = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                f"-env:UserInstallation=file://{profile}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            desktop = _connect(pipe)
            for line in sys.stdin:
                answer = _answer(desktop, json.loads(line))
                print(json.dumps(answer, ensure_ascii=False), flush=True)
        finally:
            office.terminate()
            office.wait(30)


def _answer(desktop: Any, job: dict[str, Any]) -> dict[str, Any]:
    """What a job gave, or why it failed; a dead office program ends the driver."""
    try:
        answer: dict[str, Any] = {"shown": _do(desktop, job)}
    except Exception as error:
        if type(error).__name__ == "DisposedException":
            sys.exit("LibreOffice died")
        answer = {"failed": f"{type(error).__name__}: {error}"}
    for document in list(desktop.Components):
        document.close(True)
    return answer


def _connect(pipe: str) -> Any:
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            time.sleep(0.5)
    message = "LibreOffice did not start"
    raise RuntimeError(message)


def _do(desktop: Any, job: dict[str, Any]) -> dict[str, dict[str, str]]:
    document = desktop.loadComponentFromURL(
        f"file://{job['source']}", "_blank", 0, (_property("Hidden", True),)
    )
    if document is None:
        sys.exit("LibreOffice gave nothing, which it does now and then; another one is asked")
    for title, cells in job["entries"].items():
        sheet = document.Sheets.getByName(title)
        sheet.unprotect("")
        for address, value in cells.items():
            cell = sheet.getCellRangeByName(address)
            if isinstance(value, str) and not value.startswith("="):
                cell.String = value
            elif isinstance(value, str):
                cell.Formula = value
            else:
                cell.Value = value
        sheet.protect("")
    for edit in job["edits"]:
        document = _edit(desktop, document, *edit) or document
    document.calculateAll()
    shown = {
        title: {
            address: document.Sheets.getByName(title).getCellRangeByName(address).String
            for address in addresses
        }
        for title, addresses in job["read"].items()
    }
    if job["save"]:
        filter_name = FILTERS[Path(job["save"]).suffix]
        document.storeToURL(f"file://{job['save']}", (_property("FilterName", filter_name),))
    return shown


def _edit(desktop: Any, document: Any, action: str, *arguments: Any) -> Any:  # noqa: C901  # a branch an edit
    """What staff do beside typing; a new document where the action makes one."""
    sheets = document.Sheets
    if action == "copy sheet":
        (title,) = arguments
        book = desktop.loadComponentFromURL(
            "private:factory/scalc", "_blank", 0, (_property("Hidden", True),)
        )
        book.Sheets.importSheet(document, title, 0)
        return book
    sheet = sheets.getByName(arguments[0])
    sheet.unprotect("")
    if action == "insert row":
        sheet.Rows.insertByIndex(arguments[1], 1)
    elif action == "delete row":
        sheet.Rows.removeByIndex(arguments[1], 1)
    elif action == "insert column":
        sheet.Columns.insertByIndex(arguments[1], 1)
    elif action == "delete column":
        sheet.Columns.removeByIndex(arguments[1], 1)
    elif action == "rename":
        sheet.Name = arguments[1]
    elif action == "move sheet":
        sheets.moveByName(arguments[0], arguments[1])
    elif action == "cut":
        target = sheet.getCellRangeByName(arguments[2]).CellAddress
        sheet.moveRange(target, sheet.getCellRangeByName(arguments[1]).RangeAddress)
    elif action == "values only":
        area = sheet.getCellRangeByName(arguments[1])
        area.DataArray = area.DataArray
    elif action == "type":
        sheet.getCellRangeByName(arguments[1]).Formula = str(arguments[2])
    elif action != "unprotect":
        raise ValueError(action)
    return None


def _property(name: str, value: object) -> Any:
    from com.sun.star.beans import PropertyValue

    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


if __name__ == "__main__":
    _main()
