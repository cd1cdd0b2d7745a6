"""The board for people and machines: terminal, JSON, workbook."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

from workbook_tool.excel.plain_table import plain_table
from workbook_tool.phrase import Phrase
from workbook_tool.round.board import counts, status_words
from workbook_tool.round.ledger import moment_of
from workbook_tool.round.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from workbook_tool.round.board import Item, Standing
    from workbook_tool.round.folder import Round

SCHEMA = "wb-tool/round/1"
HEADINGS = (
    (Phrase("代码", "code"), 22),
    (Phrase("单位", "unit"), 36),
    (Phrase("状态", "status"), 12),
    (Phrase("截止", "due"), 12),
    (Phrase("逾期天数", "days late"), 10),
    (Phrase("收到", "received"), 18),
    (Phrase("报送号", "submission"), 8),
    (Phrase("错误", "errors"), 7),
    (Phrase("警告", "warnings"), 7),
    (Phrase("备注", "remarks"), 40),
)
_TITLE = Phrase("{year}年度政府信息公开年报收表情况", "Reports on {year}: who is in")
_REMARK = Phrase("{today}，共 {total} 个单位：{counts}", "{today}; units: {total}; {counts}")
_NEWER = Phrase("接受之后又有新件", "something newer than what was accepted")
_UNSENT = Phrase("待发的信 {count} 封", "letters not sent: {count}")
_UNKNOWN = Phrase("发出与否不明的信 {count} 封", "letters that may not have been sent: {count}")
_BOUNCED = Phrase("信退回", "mail bounced")
_REFUSED = Phrase("部分收件人被拒：{words}", "recipients refused: {words}")
_NO_ADDRESS = Phrase("没有邮箱", "no address")
_REJECTED = Phrase("人工退回", "sent back by a person")
_SET_ASIDE = Phrase("另有 {items}", "also {items}")
_FOR_A_PERSON = Phrase("待人工处理的 {count} 件：", "For a person to decide: {count}")
_ASIDE = Phrase("另外放下的：{reasons}", "Set aside: {reasons}")
_HINT = Phrase(
    "归给某个单位：wb-tool round assign 编号 单位；不用管的：wb-tool round dismiss 编号",
    "wb-tool round assign ITEM UNIT gives it to a unit; wb-tool round dismiss ITEM puts it aside",
)
_CHOOSE = Phrase(
    "（报送号 {numbers}，用 accept --submission 选定）",
    " (submissions {numbers}; accept --submission chooses)",
)
_MAYBE = Phrase("可能是 {units}", "maybe {units}")


def summary(board: Sequence[Standing], place: Round, today: date, language: str) -> tuple[str, str]:
    """The title of the board, and how many units there are of each status."""
    found = [
        f"{status_words(status).say(language)} {number}" for status, number in counts(board).items() if number
    ]
    said = ("，" if language == "zh" else ", ").join(found)
    title = _TITLE.say(language).format(year=place.settings.year)
    return title, _REMARK.say(language).format(today=today.isoformat(), total=len(board), counts=said)


def remarks(standing: Standing, language: str) -> list[str]:
    """What else there is to say of a unit."""
    said: list[str] = []
    current = standing.current
    unknown = sum(row["status"] == "unknown" for row in standing.letters)
    if standing.has_newer:
        said.append(_NEWER.say(language))
    if current and current.submission in standing.rejected and standing.accepted is None:
        said.append(_REJECTED.say(language))
    if len(standing.deliveries) > 1 and not current:
        numbers = _joined((str(one.submission) for one in standing.deliveries), language)
        several = reasons()["multiple-workbooks"].words.say(language)
        said.append(several + _CHOOSE.say(language).format(numbers=numbers))
    if standing.bounced and standing.status != "bounced":
        said.append(_BOUNCED.say(language))
    if unknown:
        said.append(_UNKNOWN.say(language).format(count=unknown))
    if standing.unsent:
        said.append(_UNSENT.say(language).format(count=standing.unsent))
    said += [
        _REFUSED.say(language).format(words=row["words"])
        for row in standing.letters[-1:]
        if row["words"] and row["status"] in ("sent", "refused")
    ]
    if not standing.unit.addresses:
        said.append(_NO_ADDRESS.say(language))
    aside = [f"{item.id} {reasons()[item.reason].words.say(language)}" for item in standing.items]
    if aside:
        said.append(_SET_ASIDE.say(language).format(items=_joined(aside, language)))
    return said


def rows(board: Sequence[Standing], place: Round, language: str) -> list[list[str | int]]:
    """The board's table, a unit a row, under `HEADINGS`."""
    table: list[list[str | int]] = []
    for standing in board:
        shown = standing.shown
        table.append(
            [
                standing.unit.code,
                standing.unit.agency,
                status_words(standing.status).say(language),
                place.settings.due_of(standing.unit).isoformat(),
                standing.days_late or "",
                shown_time(shown.received) if shown else "",
                shown.submission if shown else "",
                shown.errors if shown else "",
                shown.warnings if shown else "",
                ("；" if language == "zh" else "; ").join(remarks(standing, language)),
            ]
        )
    return table


def shown_time(stamp: str) -> str:
    """A moment of the ledger in local time."""
    return f"{moment_of(stamp).astimezone():%Y-%m-%d %H:%M}"


def board_text(
    board: Sequence[Standing],
    aside: Sequence[Item],
    place: Round,
    today: date,
    language: str,
    *,
    whole: bool = False,
) -> Iterator[str]:
    """The lines of the board for a terminal; of what was set aside the counts, or the `whole`."""
    yield from summary(board, place, today, language)
    yield ""
    headings = [heading.say(language) for heading, _ in HEADINGS]
    table = [headings, *([str(value) for value in row] for row in rows(board, place, language))]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    for row in table:
        line = (_padded(text, width) for text, width in zip(row, widths, strict=True))
        yield "  ".join(line).rstrip()
    people = [item_line(item, language) for item in aside if item.is_for_a_person]
    if people:
        yield ""
        yield _FOR_A_PERSON.say(language).format(count=len(people))
        yield from (f"  {line}" for line in people)
        yield _HINT.say(language)
    others = set_aside(aside, language)
    if others:
        yield ""
        yield _ASIDE.say(language).format(reasons=others)
        if whole:
            yield from (f"  {item_line(item, language)}" for item in aside if not item.is_for_a_person)


def set_aside(aside: Sequence[Item], language: str) -> str:
    """How much was set aside that no person need decide on, by reason."""
    found = Counter(item.reason for item in aside if not item.is_for_a_person)
    said = [f"{words.words.say(language)} {found[name]}" for name, words in reasons().items() if found[name]]
    return _joined(said, language)


def _joined(words: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(words)


def item_line(item: Item, language: str) -> str:
    """Something that was set aside, in one line."""
    maybe = item.candidates or ((item.unit,) if item.unit else ())
    parts = [
        item.id,
        reasons()[item.reason].words.say(language),
        item.name,
        item.why.say(language),
        item.sender,
        item.subject,
        shown_time(item.received),
        _MAYBE.say(language).format(units=_joined(maybe, language)) if maybe else "",
    ]
    return "  ".join(part for part in parts if part)


def board_json(board: Sequence[Standing], aside: Sequence[Item], place: Round, today: date) -> str:
    """The board as JSON, schema ``wb-tool/round/1``."""
    content = {
        "schema": SCHEMA,
        "year": place.settings.year,
        "today": today.isoformat(),
        "units": [_unit(standing, place) for standing in board],
        "items": [_item(item) for item in aside],
        "summary": counts(board),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _unit(standing: Standing, place: Round) -> dict[str, Any]:
    current = standing.current
    return {
        "code": standing.unit.code,
        "agency": standing.unit.agency,
        "status": standing.status,
        "due": place.settings.due_of(standing.unit).isoformat(),
        "days_left": standing.days_left,
        "days_late": standing.days_late,
        "current": current and {**current._asdict(), "rules": dict(current.rules)},
        "accepted": standing.accepted,
        "has_newer": standing.has_newer,
        "submissions": [delivery.submission for delivery in standing.deliveries],
        "letters": [
            {name: row[name] for name in ("kind", "about", "file", "status", "drafted", "sent", "words")}
            for row in standing.letters
        ],
        "items": [item.id for item in standing.items],
    }


def _item(item: Item) -> dict[str, Any]:
    content = item._asdict()
    del content["why"], content["raw"]
    return {
        **content,
        "candidates": list(item.candidates),
        "for_a_person": item.is_for_a_person,
        "words": reasons()[item.reason].words.zh,
        "why": item.why.zh,
    }


def board_workbook(board: Sequence[Standing], place: Round, today: date, language: str) -> bytes:
    """The board as a workbook."""
    title, remark = summary(board, place, today, language)
    headings = [(heading.say(language), float(width)) for heading, width in HEADINGS]
    return plain_table(title, remark, headings, rows(board, place, language))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
