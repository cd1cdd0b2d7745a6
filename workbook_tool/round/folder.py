"""The folder of a round: everything that there is of it.

::

    round.toml      the settings, to be edited
    ledger.sqlite   the ledger
    workbooks/      what was issued, a workbook a unit
    outbox/         letters to be sent, as .eml drafts
    sent/           letters that were sent
    raw/            every message and file as it came, under its hash
    parts/          every workbook that was in one, under its hash
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook_tool.errors import OutputError, WorkbookToolError
from workbook_tool.files import keep, write_whole
from workbook_tool.round import LEDGER, ROUND_FILE
from workbook_tool.round.ledger import Event, create_ledger, open_ledger
from workbook_tool.round.settings import Settings, new_round_file, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workbook_tool.round.ledger import Ledger
    from workbook_tool.round.roster import Unit

FOLDERS = ("workbooks", "outbox", "sent", "raw", "parts")


@dataclass(frozen=True)
class Round:
    """One round, open."""

    folder: Path
    settings: Settings
    ledger: Ledger

    @property
    def workbooks(self) -> Path:
        """Where issued workbooks are."""
        return self.folder / "workbooks"

    @property
    def outbox(self) -> Path:
        """Where drafts are."""
        return self.folder / "outbox"

    @property
    def sent(self) -> Path:
        """Where letters are once they were sent."""
        return self.folder / "sent"

    @property
    def parts(self) -> Path:
        """Where the workbooks that came back are."""
        return self.folder / "parts"

    def raw(self, sha: str) -> Path:
        """Where the message or file with this hash is kept, as it came."""
        return self.folder / "raw" / sha[:2] / sha

    def keep_raw(self, sha: str, data: bytes) -> None:
        """Keep a message or file as it came."""
        keep(self.raw(sha), data)


def create_round(folder: Path, year: int, units: tuple[Unit, ...], actor: str = "") -> None:
    """Make a round in `folder`, which is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(folder, "不是空文件夹 (not an empty folder)")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        write_whole(folder / ROUND_FILE, new_round_file(year).encode())
        for name in FOLDERS:
            (folder / name).mkdir()
        with create_ledger(folder / LEDGER, year, actor) as ledger:
            enrol(ledger, units)
    except (OSError, WorkbookToolError):
        # Half a round is none: what was made goes again.
        for made in folder.iterdir():
            made.rmdir() if made.is_dir() else made.unlink()
        raise


def enrol(ledger: Ledger, units: tuple[Unit, ...]) -> None:
    """Put units on the roster, or bring their entries up to date."""
    known = ledger.units()
    codes = {code.upper(): code for code in known}
    names = {unit.agency: code for code, unit in known.items()}
    units = tuple(unit._replace(code=codes.get(unit.code.upper(), unit.code)) for unit in units)
    moved = [
        f"{u.agency} {names[u.agency]} → {u.code}" for u in units if names.get(u.agency, u.code) != u.code
    ]
    if moved:
        message = f"单位已在册,代码不能改 (on the roster under another code): {'、'.join(moved)}"
        raise WorkbookToolError(message)
    with ledger.writing():
        for unit in units:
            ledger.enrol(unit)
        ledger.record(Event("enrolled", note=str(len(units))))


def own_files(folder: Path) -> list[Path]:
    """The files that the round in `folder` could not do without."""
    return [folder / ROUND_FILE, folder / LEDGER]


@contextmanager
def open_round(folder: Path, actor: str = "") -> Iterator[Round]:
    """The round in `folder`."""
    with open_ledger(folder, actor) as ledger:
        settings = read_settings(folder)
        if str(settings.year) != ledger.meta("year"):
            message = (
                f"{folder / ROUND_FILE}: year 不能改,这一轮是 {ledger.meta('year')} 年度的"
                " (the year of a round cannot be changed)"
            )
            raise WorkbookToolError(message)
        for name in FOLDERS:
            (folder / name).mkdir(exist_ok=True)
        yield Round(folder, settings, ledger)
