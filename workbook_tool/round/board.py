"""The board: how each unit stands, worked out from the ledger, and what waits for a person."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.phrase import Phrase
from workbook_tool.round.reasons import reasons
from workbook_tool.round.settings import round_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from sqlite3 import Row

    from workbook_tool.round.folder import Round
    from workbook_tool.round.roster import Unit

_PERHAPS_A_REPORT = frozenset({"encrypted", "corrupt", "unsafe"})
SENT = frozenset({"sent", "unknown"})
"""Letters that have left, or may have."""

_PARTS = """
SELECT part.id, part.submission, part.received, part.sha, part.name, part.message_id, submission.unit,
    verdict.status, verdict.errors, verdict.warnings, verdict.notices, verdict.rules
FROM part JOIN submission ON submission.id = part.submission JOIN verdict ON verdict.part = part.id
    JOIN message ON message.id = part.message
WHERE message.clock != 'collected' OR part.sha NOT IN (
    SELECT part.sha FROM part JOIN message ON message.id = part.message WHERE message.clock != 'collected')
ORDER BY part.received, part.id
"""
"""Submitted parts; a loose copy of what came by mail as well has no time of its own."""
_ITEMS = """
SELECT 'P' || part.id AS item, part.name, part.reason, part.sender, part.received, part.candidates, part.why,
    message.subject, message.unit, part.evidence, message.sha AS raw
FROM part JOIN message ON message.id = part.message WHERE part.reason != ''
    AND part.id NOT IN (SELECT part FROM event WHERE kind = 'dismissed' AND part IS NOT NULL)
UNION ALL
SELECT 'M' || id, '', reason, sender, received, candidates, '', subject, unit, '{}', sha
FROM message WHERE reason != ''
    AND id NOT IN (SELECT part.message FROM part WHERE part.reason = message.reason)
    AND id NOT IN (SELECT message FROM part WHERE submission IS NOT NULL)
    AND 'M' || id NOT IN (SELECT note FROM event WHERE kind = 'dismissed')
ORDER BY received, item
"""


class Delivery(NamedTuple):
    """A submission as it stands: its latest part, and how that fares."""

    submission: int
    part: int
    received: str
    sha: str
    message_id: str
    status: str
    errors: int
    warnings: int
    notices: int
    rules: Mapping[str, int]


class Item(NamedTuple):
    """Something that was set aside: a part (P…) or a whole message (M…)."""

    id: str
    reason: str
    name: str
    sender: str
    subject: str
    received: str
    unit: str | None
    """The unit that wrote it, as far as addresses and what it answers tell."""
    candidates: tuple[str, ...]
    why: Phrase
    raw: str

    @property
    def is_for_a_person(self) -> bool:
        """Whether a person has to look at it: to decide, or because nobody can be told what is wrong.

        What strangers write without a workbook, and without naming a unit, is nobody's work.
        """
        reason = reasons()[self.reason]
        if reason.human:
            return self.id.startswith("P") or self.unit is not None or bool(self.candidates)
        return reason.answer and not self.unit and (bool(self.candidates) or self.reason in _PERHAPS_A_REPORT)


@dataclass
class Standing:
    """How one unit stands."""

    unit: Unit
    status: str = ""
    days_left: int = 0
    """Days until its work is due; negative when it is overdue."""
    current: Delivery | None = None
    """The latest submission; none where several came at once."""
    accepted: int | None = None
    rejected: set[int] = field(default_factory=set)
    deliveries: list[Delivery] = field(default_factory=list)
    """Every submission, the latest last."""
    items: list[Item] = field(default_factory=list)
    """What was set aside and may be this unit's."""
    letters: list[Row] = field(default_factory=list)
    bounced: bool = False
    was_sent: bool = False
    """Whether a letter has gone out, or a workbook was handed over."""

    @property
    def shown(self) -> Delivery | None:
        """The submission that the board speaks of: the accepted one, else the latest."""
        accepted = [one for one in self.deliveries if one.submission == self.accepted]
        return next(iter(accepted), self.deliveries[-1] if self.deliveries else None)

    @property
    def days_late(self) -> int:
        """By how many days it is overdue while something is still owed."""
        owes = self.status not in ("passed", "accepted")
        return max(0, -self.days_left) if owes else 0

    @property
    def has_newer(self) -> bool:
        """Whether something came after what was accepted."""
        latest = self.deliveries[-1].submission if self.deliveries else None
        return self.accepted is not None and latest != self.accepted

    @property
    def unsent(self) -> int:
        """How many letters to it are still drafts."""
        return sum(row["status"] == "drafted" for row in self.letters)


def status_words(status: str) -> Phrase:
    """What the board calls a status."""
    return Phrase(**round_data()["status"][status])


def items(place: Round) -> list[Item]:
    """Everything that was set aside, by the time it came."""
    return [
        Item(
            row["item"],
            row["reason"],
            row["name"],
            row["sender"],
            row["subject"],
            row["received"],
            json.loads(row["evidence"]).get("writer") or row["unit"],
            tuple(json.loads(row["candidates"])),
            Phrase(*json.loads(row["why"])) if row["why"] else Phrase("", ""),
            row["raw"],
        )
        for row in place.ledger.rows(_ITEMS)
    ]


def standings(place: Round, today: date) -> list[Standing]:
    """How every unit stands on the day `today`, in the roster's order."""
    board = {code: Standing(unit) for code, unit in place.ledger.units().items()}
    for standing in board.values():
        standing.days_left = (place.settings.due_of(standing.unit) - today).days
    for code, deliveries in _deliveries(place).items():
        board[code].deliveries = deliveries
        latest = [one for one in deliveries if one.received == deliveries[-1].received]
        board[code].current = latest[0] if len(latest) == 1 else None
    for row in place.ledger.rows("SELECT * FROM letter ORDER BY id"):
        board[row["unit"]].letters.append(row)
    _decide(place, board)
    for item in items(place):
        for code in item.candidates or ((item.unit,) if item.unit else ()):
            board[code].items.append(item)
    for standing in board.values():
        standing.status = _status(place, standing)
    return list(board.values())


def counts(board: Sequence[Standing]) -> dict[str, int]:
    """How many units have each status, in the board's order."""
    found = Counter(standing.status for standing in board)
    return {status: found[status] for status in round_data()["status"]}


def _deliveries(place: Round) -> dict[str, list[Delivery]]:
    """Every unit's submissions, each as it came last, in the order in which they came."""
    latest: dict[str, dict[int, Delivery]] = defaultdict(dict)
    for row in place.ledger.rows(_PARTS):
        latest[row["unit"]].pop(row["submission"], None)
        latest[row["unit"]][row["submission"]] = Delivery(
            row["submission"],
            row["id"],
            row["received"],
            row["sha"],
            row["message_id"],
            row["status"],
            row["errors"],
            row["warnings"],
            row["notices"],
            json.loads(row["rules"]),
        )
    return {code: list(found.values()) for code, found in latest.items()}


def _decide(place: Round, board: Mapping[str, Standing]) -> None:
    """Apply what people decided, and what bounced, in the order in which it happened."""
    kinds = "('accepted', 'rejected', 'bounced', 'sent')"
    for row in place.ledger.rows(f"SELECT * FROM event WHERE kind IN {kinds} ORDER BY id"):  # noqa: S608  # ours
        if row["unit"] is None:
            continue
        standing = board[row["unit"]]
        if row["kind"] == "accepted":
            standing.accepted = row["submission"]
            standing.rejected.clear()  # what was sent back before is settled
        elif row["kind"] == "rejected":
            standing.rejected.add(row["submission"])
            standing.accepted = None if standing.accepted == row["submission"] else standing.accepted
        else:
            standing.bounced = row["kind"] == "bounced"
            standing.was_sent |= row["kind"] == "sent"


def _status(place: Round, standing: Standing) -> str:
    if standing.accepted is not None:
        return "accepted"
    if standing.current:
        return "passed" if is_good(place, standing, standing.current) else "returned"
    if standing.deliveries or any(
        item.is_for_a_person and item.id.startswith("P") for item in standing.items
    ):
        return "human"
    return next(_nothing_in(place, standing))


def _nothing_in(place: Round, standing: Standing) -> Iterator[str]:
    """The status of a unit of which nothing has come."""
    issued = [row for row in standing.letters if row["kind"] == "issue"]
    if standing.bounced or any(row["status"] == "refused" for row in issued[-1:]):
        yield "bounced"
    if standing.days_left < 0:
        yield "overdue"
    if not standing.was_sent and not any(row["status"] in SENT for row in issued):
        yield "unissued"
    yield "awaited" if standing.days_left <= place.settings.remind.days_before else "issued"


def is_good(place: Round, standing: Standing, delivery: Delivery) -> bool:
    """Whether a submission needs no more work: by its verdict, unless a person rejected it."""
    if delivery.submission in standing.rejected:
        return False
    return delivery.status == "pass" or (delivery.status == "warn" and not place.settings.strict)
