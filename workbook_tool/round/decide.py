"""What people decide: accept, send back, say whose it is, put aside. Each is an event, with who and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.errors import WorkbookToolError
from workbook_tool.grids import label_key
from workbook_tool.round.board import is_good, standings
from workbook_tool.round.bookkeeping import enter_verdict, submit
from workbook_tool.round.identify import Evidence, Identifier
from workbook_tool.round.ledger import Event
from workbook_tool.round.worker import judge, part_file, read_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from workbook_tool.round.board import Delivery, Standing
    from workbook_tool.round.folder import Round
    from workbook_tool.round.roster import Unit


_LONGEST_NUMBER = 12
_DOUBTFUL = ("unknown", "refused")


def find_unit(place: Round, text: str) -> Unit:
    """The unit that `text` means: its code, its name, or a part of one name only."""
    units = list(place.ledger.units().values())
    key = label_key(text)
    exact = [unit for unit in units if unit.code.upper() == text.upper() or label_key(unit.agency) == key]
    close = exact or [unit for unit in units if key and key in label_key(unit.agency)]
    if len(close) == 1:
        return close[0]
    if close:
        names = "、".join(f"{unit.code} {unit.agency}" for unit in close[:10])
        message = f"“{text}”可能是几个单位 (several units): {names}"
    else:
        message = f"花名册里没有这个单位 (not on the roster): {text}"
    raise WorkbookToolError(message)


def standing_of(place: Round, unit: Unit, today: date) -> Standing:
    """How one unit stands."""
    return next(standing for standing in standings(place, today) if standing.unit.code == unit.code)


def accept(
    place: Round, unit: Unit, today: date, submission: int | None = None, *, anyway: bool = False
) -> int:
    """Accept a unit's current submission, or the one named; the number of it.

    One that has open errors is accepted only `anyway`.
    """
    standing = standing_of(place, unit, today)
    delivery = _delivery(standing, submission)
    if not anyway and not is_good(place, standing, delivery):
        message = (
            f"{unit.agency} 第 {delivery.submission} 号报送没有通过审核；仍要接受请加 --anyway"
            " (did not pass; --anyway accepts it all the same)"
        )
        raise WorkbookToolError(message)
    if standing.accepted != delivery.submission:
        _accepted(place, unit, delivery)
    return delivery.submission


def _accepted(place: Round, unit: Unit, delivery: Delivery) -> None:
    with place.ledger.writing():
        place.ledger.record(Event("accepted", unit.code, delivery.submission, delivery.part))


def accept_all_passed(place: Round, today: date) -> Iterator[tuple[Unit, int]]:
    """Accept every submission that passed and is not accepted yet; never a newer one by itself."""
    for standing in standings(place, today):
        if standing.status == "passed" and standing.current:
            _accepted(place, standing.unit, standing.current)
            yield standing.unit, standing.current.submission


def reject(place: Round, unit: Unit, today: date, reason: str, submission: int | None = None) -> int:
    """Send a unit's current or accepted submission back, or the one named; the number of it."""
    standing = standing_of(place, unit, today)
    delivery = _delivery(standing, submission or standing.accepted)
    with place.ledger.writing():
        place.ledger.record(Event("rejected", unit.code, delivery.submission, delivery.part, note=reason))
    return delivery.submission


def _delivery(standing: Standing, submission: int | None) -> Delivery:
    if submission is None and standing.current:
        return standing.current
    found = [one for one in standing.deliveries if one.submission == submission]
    if found:
        return found[0]
    numbers = "、".join(str(one.submission) for one in standing.deliveries) or "-"
    message = (
        f"{standing.unit.agency}: 请用 --submission 指明哪一份报送 (say which submission): {numbers}"
        if standing.deliveries
        else f"{standing.unit.agency} 还没有报送 (nothing in yet)"
    )
    raise WorkbookToolError(message)


def assign(
    place: Round, item: str, unit: Unit, passwords: tuple[str, ...] = (), *, anyway: bool = False
) -> int:
    """Say whose a part is (P…), so that it becomes a submission of that unit; the number of it.

    Against what the workbook says itself, only `anyway`.
    """
    ledger = place.ledger
    number = _number(place, item, "P")
    row = ledger.row(
        "SELECT part.*, submission.unit AS unit FROM part LEFT JOIN submission"
        " ON submission.id = part.submission WHERE part.id = ?",
        number,
    )
    is_kept = row is not None and part_file(place.parts, row["sha"]).is_file()
    judged = judge(read_part(place.parts, row["sha"], passwords)) if row and is_kept else None
    if row is None or judged is None:
        message = f"{item} 里读不出报告，不能作为报送 (no report in it)"
        raise WorkbookToolError(message)
    evidence = Evidence(judged.tokens, judged.codes, judged.agency, judged.year)
    identifier = Identifier(ledger.key, place.settings.year, ledger.units(), {})
    objection = identifier.objection(unit.code, evidence)
    if objection and not anyway:
        message = f"{item}: {objection};仍要归给 {unit.code} 请加 --anyway (something speaks against it)"
        raise WorkbookToolError(message)
    with ledger.writing():
        if not ledger.row("SELECT 1 FROM verdict WHERE part = ?", number):
            enter_verdict(ledger, number, judged)
        ledger.record(Event("assigned", unit.code, part=number, note=row["reason"] or row["unit"] or ""))
        return submit(ledger, number, unit.code, judged.digest)


def _number(place: Round, item: str, kinds: str) -> int:
    """The number of an item such as P12, which there is."""
    kind, number = item[:1].upper(), item[1:]
    query = {"P": "SELECT 1 FROM part WHERE id = ?", "M": "SELECT 1 FROM message WHERE id = ?"}
    is_number = number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER
    is_there = kind in query and is_number and place.ledger.row(query[kind], int(number)) is not None
    if is_there and kind in kinds:
        return int(number)
    if is_there:
        message = f"{item} 是整封信，里面没有工作簿可归，只能 dismiss (a message without a workbook)"
    else:
        message = f"没有这一件，编号见 wb-tool round status (no such item): {item}"
    raise WorkbookToolError(message)


def dismiss(place: Round, item: str) -> None:
    """Put something aside for good (P… or M…): nobody needs to look at it any more."""
    number, kind = _number(place, item, "PM"), item[:1].upper()
    counted = place.ledger.row("SELECT 1 FROM part WHERE id = ? AND submission IS NOT NULL", number)
    if kind == "P" and counted:
        message = f"{item} 是一份报送，要退回请用 reject (it is a submission; reject sends it back)"
        raise WorkbookToolError(message)
    with place.ledger.writing():
        place.ledger.record(Event("dismissed", part=number if kind == "P" else None, note=f"{kind}{number}"))


def mark(place: Round, unit: Unit, *, sent: bool) -> int:
    """Say that a unit's letters were sent by hand, or that a doubtful one was not; how many."""
    ledger = place.ledger
    letters = ledger.rows("SELECT id, status FROM letter WHERE unit = ? ORDER BY id", unit.code)
    rows = [row for row in letters if (row["status"] != "sent" if sent else row["status"] in _DOUBTFUL)]
    with ledger.writing(durable=True):
        if (
            sent
            and not letters
            and ledger.row("SELECT 1 FROM event WHERE kind = 'issued' AND unit = ?", unit.code)
        ):
            ledger.record(Event("sent", unit.code, note="by hand"))  # a workbook that was handed over
        for row in rows:
            status = "sent" if sent else "drafted"
            ledger.run(
                "UPDATE letter SET status = ?, sent = ?, words = '' WHERE id = ?",
                status,
                ledger.now() if sent else None,
                row["id"],
            )
            ledger.record(Event(status if sent else "unsent", unit.code, letter=row["id"], note="by hand"))
    return len(rows)
