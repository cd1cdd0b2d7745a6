"""The ledger of a round: one SQLite file, and a log of events that is only ever added to.

Raw message → part → submission → verdict → letter. What can be derived is derived (see `board`): which
submission is current, and how a unit stands. Every change is one transaction, so that whatever ends the
program leaves either all of it or nothing.
"""

from __future__ import annotations

import getpass
import json
import os
import secrets
import sqlite3
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from workbook_tool.errors import OutputError, WorkbookToolError
from workbook_tool.round import LEDGER
from workbook_tool.round.roster import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VERSION = "1"
_WAIT = 30
_EARLIEST, _LATEST = 2000, 2100
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE unit (
    code TEXT PRIMARY KEY, number INTEGER NOT NULL, agency TEXT NOT NULL, level TEXT NOT NULL,
    contact TEXT NOT NULL, addresses TEXT NOT NULL, due TEXT NOT NULL);
CREATE TABLE message (
    id INTEGER PRIMARY KEY, sha TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, received TEXT NOT NULL,
    clock TEXT NOT NULL, message_id TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
    dated TEXT NOT NULL, reason TEXT NOT NULL, unit TEXT, candidates TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE part (
    id INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES message, path TEXT NOT NULL,
    name TEXT NOT NULL, sha TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL,
    received TEXT NOT NULL, message_id TEXT NOT NULL, sender TEXT NOT NULL, reason TEXT NOT NULL,
    why TEXT NOT NULL, evidence TEXT NOT NULL, candidates TEXT NOT NULL,
    submission INTEGER REFERENCES submission, UNIQUE (message, path));
CREATE TABLE submission (
    id INTEGER PRIMARY KEY, unit TEXT NOT NULL REFERENCES unit, digest TEXT NOT NULL, UNIQUE (unit, digest));
CREATE TABLE verdict (
    part INTEGER PRIMARY KEY REFERENCES part, digest TEXT NOT NULL, status TEXT NOT NULL,
    errors INTEGER NOT NULL, warnings INTEGER NOT NULL, notices INTEGER NOT NULL, rules TEXT NOT NULL,
    tool TEXT NOT NULL);
CREATE TABLE letter (
    id INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, unit TEXT NOT NULL,
    about TEXT NOT NULL, file TEXT NOT NULL, drafted TEXT NOT NULL, status TEXT NOT NULL,
    sent TEXT, words TEXT NOT NULL);
CREATE TABLE fetched (
    folder TEXT NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL, sha TEXT NOT NULL,
    received TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (folder, validity, uid)) WITHOUT ROWID;
CREATE TABLE event (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT,
    submission INTEGER, part INTEGER, letter INTEGER, note TEXT NOT NULL);
CREATE INDEX part_submission ON part (submission);
CREATE INDEX event_unit ON event (unit);
CREATE INDEX letter_unit ON letter (unit);
CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
"""


class Event(NamedTuple):
    """What happened, to what; who and when the ledger adds itself."""

    kind: str
    unit: str | None = None
    submission: int | None = None
    part: int | None = None
    letter: int | None = None
    note: str = ""


class Ledger:
    """The ledger of one round, open; use it as a context manager."""

    def __init__(self, path: Path, actor: str = "") -> None:
        """Open the ledger at `path`, to be written by `actor`."""
        self.actor = actor or _user()
        self._path = path
        try:
            self._connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error as error:
            raise OutputError(path, f"打不开台账 (cannot open the ledger): {error}") from error

    def __enter__(self) -> Self:
        """The ledger itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._connection.close()

    @staticmethod
    def now() -> str:
        """The time, as the ledger writes it."""
        return stamp(datetime.now(UTC))

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[None]:
        """One transaction: all of what is written inside, or nothing; `durable` also over a power cut."""
        self._execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self._execute("BEGIN IMMEDIATE")
        try:
            yield
            self._execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """The rows that `query` gives."""
        with self._explained():
            return self._execute(query, *values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """The first row that `query` gives."""
        return next(iter(self.rows(query, *values)), None)

    def run(self, statement: str, *values: object) -> int:
        """How many rows `statement` changed."""
        return self._execute(statement, *values).rowcount

    def add(self, table: str, **values: object) -> int:
        """The id of a new row."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  # names of our own
        return self._execute(statement, *values.values()).lastrowid or 0

    def _execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        with self._explained():
            return self._connection.execute(statement, tuple(map(_storable, values)))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the database refuses into words for the user."""
        try:
            yield
        except sqlite3.Error as error:
            busy = "locked" in str(error) or "busy" in str(error)
            words = "台账正被另一个程序使用 (in use)" if busy else "台账读写出错 (the ledger fails)"
            raise OutputError(self._path, f"{words}: {error}") from error

    def record(self, event: Event) -> None:
        """Put an event into the log."""
        self.add("event", at=self.now(), actor=self.actor, **event._asdict())

    def meta(self, name: str) -> str:
        """A fact about the round; empty where there is none."""
        found = self.row("SELECT value FROM meta WHERE name = ?", name)
        return found["value"] if found else ""

    def set_meta(self, name: str, value: str) -> None:
        """Note a fact about the round; an empty one is none."""
        self.run("DELETE FROM meta WHERE name = ?", name)
        if value:
            self.add("meta", name=name, value=value)

    @property
    def key(self) -> bytes:
        """The key of the round's tokens."""
        return bytes.fromhex(self.meta("key"))

    def units(self) -> dict[str, Unit]:
        """The roster, by code, in its order."""
        return {row["code"]: _unit(row) for row in self.rows("SELECT * FROM unit ORDER BY number")}

    def enrol(self, unit: Unit) -> None:
        """Put a unit on the roster, or bring its entry up to date; without a due date it has the round's."""
        found = self.row("SELECT number FROM unit WHERE code = ?", unit.code)
        last = self.row("SELECT COALESCE(MAX(number), 0) AS number FROM unit")
        number = found["number"] if found else (last["number"] if last else 0) + 1
        self.run(
            "INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET agency ="
            " excluded.agency, level = excluded.level, contact = excluded.contact, addresses ="
            " excluded.addresses, due = excluded.due",
            unit.code,
            number,
            unit.agency,
            unit.level,
            unit.contact,
            json.dumps(unit.addresses),
            unit.due.isoformat() if unit.due else "",
        )


def create_ledger(path: Path, year: int, actor: str = "") -> Ledger:
    """A new ledger at `path`, with a name and a key of its own."""
    ledger = Ledger(path, actor)
    with ledger._explained():  # noqa: SLF001  # its own maker
        ledger._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")  # noqa: SLF001
    for name, value in {
        "version": _VERSION,
        "year": str(year),
        "round": f"{year}-{secrets.token_hex(4)}",
        "key": secrets.token_hex(32),
    }.items():
        ledger.set_meta(name, value)
    ledger._execute("COMMIT")  # noqa: SLF001
    return ledger


def open_ledger(folder: Path, actor: str = "") -> Ledger:
    """The ledger of the round in `folder`; a `WorkbookToolError` where there is none of ours."""
    path = folder / LEDGER
    if not path.is_file():
        message = (
            f"这里没有台账,请用 -r 指明收表的文件夹;还没有的用 wb-tool round init 建立"
            f" (no round here, name it by -r): {folder}"
        )
        raise WorkbookToolError(message)
    ledger = Ledger(path, actor)
    version = ledger.meta("version")
    if version != _VERSION or not ledger.meta("key"):
        raise OutputError(path, f"是另一版程序的台账,或不完整 (of another version, or incomplete): {version}")
    return ledger


def stamp(moment: datetime) -> str:
    """A moment as the ledger writes it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sane_stamp(moment: datetime) -> str:
    """A moment that others state, as `stamp` writes it; empty where it cannot be true."""
    return stamp(moment) if _EARLIEST <= moment.year <= _LATEST else ""


def moment_of(text: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _storable(value: object) -> object:
    """What a database takes: no lone surrogates, which undecodable names and headers have."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _unit(row: Any) -> Unit:  # noqa: ANN401  # a row of sqlite3
    due = date.fromisoformat(row["due"]) if row["due"] else None
    return Unit(
        row["code"], row["agency"], row["level"], row["contact"], tuple(json.loads(row["addresses"])), due
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return os.environ.get("USERNAME", "?")
