"""Answering: to each unit's latest submission what became of it, to what could not be read why."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.checks import check
from workbook_tool.errors import WorkbookToolError
from workbook_tool.excel.build import annotated_bytes
from workbook_tool.excel.marks import cannot_be_copied
from workbook_tool.round.board import is_good, items, standings
from workbook_tool.round.letters import Words, local_time
from workbook_tool.round.outbox import Attachment, Letter, draft, withdraw
from workbook_tool.round.reasons import reasons
from workbook_tool.round.worker import read_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from sqlite3 import Row

    from workbook_tool.report import Report
    from workbook_tool.round.board import Delivery, Item, Standing
    from workbook_tool.round.folder import Round
    from workbook_tool.round.roster import Unit
    from workbook_tool.rules import Finding


_MESSAGE = "m"


class Answered(NamedTuple):
    """A letter that was drafted: to whom, which, in which file."""

    unit: Unit
    kind: str
    file: str


def answer(place: Round, today: date, passwords: tuple[str, ...] = ()) -> Iterator[Answered]:
    """Draft an answer for every state of a unit that has none yet.

    Where a workbook that was kept is there no more, a `WorkbookToolError` says so after the others are done.
    """
    writer = _Writer(place, today, passwords)
    board = standings(place, today)
    for standing in board:
        current = standing.current
        # A unit whose work was accepted hears no more, unless a person sends something newer back.
        if current and (standing.accepted is None or current.submission in standing.rejected):
            yield from writer.judged(standing, current)
    latest = {standing.unit.code: standing for standing in board}
    for item in items(place):
        if item.unit and reasons()[item.reason].answer:
            yield from writer.unreadable(latest[item.unit], item)
    if writer.problems:
        problems = "\n".join(writer.problems)
        message = f"这些单位的工作簿读不回来,没有答复 (kept workbooks that cannot be read):\n{problems}"
        raise WorkbookToolError(message)


class _Writer:
    """Writes the answers of one run."""

    def __init__(self, place: Round, today: date, passwords: tuple[str, ...]) -> None:
        self._place = place
        self._passwords = passwords
        self._words = Words(place.settings, today)
        self.problems: list[str] = []

    def judged(self, standing: Standing, delivery: Delivery) -> Iterator[Answered]:
        """What became of a submission."""
        rejection = self._rejection(standing, delivery)
        state = [delivery.submission, delivery.status, delivery.errors, delivery.warnings, delivery.rules]
        about = self._news(standing, _short(json.dumps([*state, rejection and rejection["id"]])))
        if not about:
            return
        try:
            reading = read_part(self._place.parts, delivery.sha, self._passwords)
        except OSError as error:
            self.problems.append(f"{standing.unit.agency}: {error.filename}: {error.strerror}")
            return
        if reading.report is None:
            self.problems.append(f"{standing.unit.agency}: {delivery.sha}")
            return
        findings = tuple(check(reading))
        said = self._words.findings(findings)
        words = {"received": local_time(delivery.received), "findings": said}
        attachments: tuple[Attachment, ...] = ()
        if rejection:
            kind, words["reason"] = "rejected", rejection["note"]
        elif is_good(self._place, standing, delivery):
            kind = "passed"
        else:
            kind, words["summary"] = "returned", self._words.summary(findings)
        if kind != "passed" and said:
            attachments = self._marked(standing.unit, reading.report, findings)
            kind = "unmarked" if kind == "returned" and not attachments else kind
        for row in standing.letters:
            if row["kind"] == "reply" and row["status"] == "drafted" and row["about"] != about:
                withdraw(self._place, row)  # about what this submission has replaced
        yield from self._draft(standing.unit, kind, about, words, delivery.message_id, attachments)

    def unreadable(self, standing: Standing, item: Item) -> Iterator[Answered]:
        """Why something could not be used; unless the unit has sent something since that could."""
        current = standing.current
        if standing.accepted is not None or (current and current.received >= item.received):
            return
        tell = reasons()[item.reason].tell.format(name=item.name, year=self._place.settings.year)
        if current and is_good(self._place, standing, current):
            tell += self._words.phrase("passed", received=local_time(current.received))
        words = {"received": local_time(item.received), "reason": tell}
        answers = self._place.ledger.row("SELECT message_id FROM message WHERE sha = ?", item.raw)
        message_id = answers["message_id"] if answers else ""
        yield from self._draft(standing.unit, "unreadable", f"{_MESSAGE}{item.raw[:10]}", words, message_id)

    def _draft(
        self,
        unit: Unit,
        kind: str,
        about: str,
        words: dict[str, str],
        answers: str,
        attachments: Sequence[Attachment] = (),
    ) -> Iterator[Answered]:
        subject, body = self._words.write(kind, unit, **words)
        file = draft(self._place, Letter("reply", unit, about, subject, body, tuple(attachments), answers))
        if file:
            yield Answered(unit, kind, file)

    def _news(self, standing: Standing, state: str) -> str:
        """What a letter on `state` is told from others by; empty where the unit's last one was on just that.

        A unit that comes back to an earlier state hears of it again.
        """
        told = [row for row in standing.letters if row["kind"] == "reply" and not _is_of_a_message(row)]
        last = told[-1] if told else None
        if last and last["about"].partition(".")[0] == state:
            is_there = last["status"] != "drafted" or (self._place.outbox / last["file"]).exists()
            return "" if is_there else str(last["about"])
        before = sum(row["about"].partition(".")[0] == state for row in told)
        return f"{state}.{before + 1}" if before else state

    def _rejection(self, standing: Standing, delivery: Delivery) -> Row | None:
        """A person's sending it back, if somebody did."""
        if delivery.submission not in standing.rejected:
            return None
        query = "SELECT id, note FROM event WHERE kind = 'rejected' AND submission = ? ORDER BY id DESC"
        return self._place.ledger.row(query, delivery.submission)

    def _marked(self, unit: Unit, report: Report, findings: Sequence[Finding]) -> tuple[Attachment, ...]:
        """The workbook with what was found marked in it; none where something would be lost in it."""
        if any(cannot_be_copied(finding) for finding in findings):
            return ()
        name = self._words.phrase("marked", agency=unit.agency)
        year = self._place.settings.year
        content = annotated_bytes(report, findings)
        return (Attachment(name, f"{year}-{unit.code}-marked.xlsx", content),)


def _is_of_a_message(row: Row) -> bool:
    """Whether an answer is about a message that could not be read, not about a submission."""
    return bool(row["about"].startswith(_MESSAGE))


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:10]
