"""Chasing: a letter to each unit that still owes something, no more often than the round allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.round.board import SENT, standings
from workbook_tool.round.ledger import moment_of
from workbook_tool.round.letters import Words
from workbook_tool.round.outbox import Letter, draft, withdraw
from workbook_tool.round.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from sqlite3 import Row

    from workbook_tool.round.board import Standing
    from workbook_tool.round.folder import Round
    from workbook_tool.round.roster import Unit

_OWING = frozenset({"issued", "awaited", "overdue", "returned"})


class Reminded(NamedTuple):
    """A reminder that was drafted."""

    unit: Unit
    days_left: int
    file: str


def remind(place: Round, today: date) -> Iterator[Reminded]:
    """Draft a reminder for each unit that is due one on the day `today`."""
    withdraw_needless(place, today)
    words = Words(place.settings, today)
    for standing in standings(place, today):
        if not _is_due(place, standing, today):
            continue
        unit, number = standing.unit, len(_reminders(standing)) + 1
        unread = any(item.unit == unit.code and reasons()[item.reason].answer for item in standing.items)
        state = words.phrase(
            "unmended" if standing.status == "returned" else "unread" if unread else "nothing"
        )
        lateness = words.lateness(standing.days_left)
        subject, body = words.write("remind", unit, state=state, lateness=lateness)
        file = draft(place, Letter("remind", unit, str(number), subject, body))
        if file:
            yield Reminded(unit, standing.days_left, file)


def used_up(place: Round, today: date) -> list[Unit]:
    """The units that still owe something and were reminded as often as the round allows."""
    most = place.settings.remind.at_most
    return [
        standing.unit
        for standing in standings(place, today)
        if standing.status in _OWING and len(_reminders(standing)) >= most
    ]


def withdraw_needless(place: Round, today: date) -> int:
    """Take back the reminders, not sent yet, of units that owe nothing any more; how many."""
    needless = [
        row
        for standing in standings(place, today)
        if standing.status not in _OWING
        for row in _reminders(standing)
        if row["status"] == "drafted"
    ]
    for row in needless:
        withdraw(place, row)
    return len(needless)


def _is_due(place: Round, standing: Standing, today: date) -> bool:
    allowed = place.settings.remind
    if standing.status not in _OWING or standing.days_left > allowed.days_before:
        return False
    issued = any(row["kind"] == "issue" and row["status"] in SENT for row in standing.letters)
    if not issued and not standing.deliveries:
        return False  # it never had a workbook to fill in
    reminders = _reminders(standing)
    if len(reminders) >= allowed.at_most or any(row["status"] == "drafted" for row in reminders):
        return False  # one that was not sent yet is enough
    # A letter that sends work back reminds as well.
    last = max(
        (row["sent"] or row["drafted"] for row in standing.letters if row["kind"] != "issue"), default=""
    )
    return not last or (today - moment_of(last).astimezone().date()).days >= allowed.every_days


def _reminders(standing: Standing) -> list[Row]:
    return [row for row in standing.letters if row["kind"] == "remind"]
