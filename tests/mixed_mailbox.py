"""A mailbox of 200 units and 400 messages, and what the ledger must say of each file in it, line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from tests.mailing import Mail, address, attached, bounce, filled, minutes, nested, resaved, zipped

UNITS = range(1, 201)
SLIP = {"t3.received.natural": 13}
OTHER_SLIP = {"t3.received.natural": 14}
MANNERS = ("words", "gbk", "rfc2231", "inline", "none")


class Line(NamedTuple):
    """One file of one message: whose, which of its figures, how they fare, or why it was set aside."""

    subject: str
    name: str
    unit: str | None
    figures: str
    status: str | None
    reason: str


@dataclass
class Mailbox:
    """Messages in the order in which they lie there, and what is expected of them and of the units."""

    issued: Callable[[int], Path]
    letter_ids: Callable[[int], str]
    specials: dict[str, bytes]
    """Workbooks that only other programs make: last year's, encrypted, .xls, hostile."""
    messages: list[bytes] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    clock: int = 0

    def later(self) -> int:
        self.clock += 1
        return self.clock

    def put(self, mail: Mail, *lines: Line) -> None:
        self.messages.append(bytes(mail))
        self.lines += lines

    def one(
        self,
        number: int,
        content: bytes,
        line: tuple[str | None, str, str | None, str],
        *,
        sender: str = "",
        minute: int | None = None,
        dated: timedelta | None = None,
    ) -> None:
        """A message with one workbook, its manner and its file name as they happen to be."""
        at = minutes(self.later() if minute is None else minute)
        subject = f"第{self.clock}封 第{number}街道报送"
        name = f"年报表(第{number}街道)最终版{self.clock}.xlsx"
        manner = MANNERS[self.clock % len(MANNERS)]
        mail = Mail(
            sender or address(number),
            subject,
            received=at,
            dated=at + dated if dated else None,
            attachments=[(name, content)],
            manner=manner,
        )
        self.put(mail, Line(subject, "" if manner == "none" else name, *line))


def code(number: int) -> str:
    return f"U{number:03d}"


def mixed_mailbox(
    issued: Callable[[int], Path], letter_ids: Callable[[int], str], specials: dict[str, bytes]
) -> Mailbox:
    """The mailbox."""
    box = Mailbox(issued, letter_ids, specials)
    box.statuses = {code(number): "issued" for number in UNITS}
    for fill in (_good_and_faulty, _again_and_revised, _whose, _wrapped, _unreadable, _without_workbook):
        fill(box)
    return box


def _good_and_faulty(box: Mailbox) -> None:
    for number in range(1, 81):  # from the office's address, then once more from the clerk's own
        content = filled(box.issued(number))
        box.one(number, content, (code(number), "1", "pass", ""))
        box.one(number, content, (code(number), "1", "pass", ""), sender=f"clerk{number}@qq.example")
        box.statuses[code(number)] = "passed"
    for number in range(81, 111):  # faulty, and mended wrongly
        for figures, slip in (("1", SLIP), ("2", OTHER_SLIP)):
            box.one(number, filled(box.issued(number), slip), (code(number), figures, "fail", ""))
        box.statuses[code(number)] = "returned"


def _again_and_revised(box: Mailbox) -> None:
    for number in range(111, 126):  # the same figures, saved by another program: no new submission
        content = filled(box.issued(number))
        box.one(number, content, (code(number), "1", "pass", ""))
        box.one(number, resaved(content), (code(number), "1", "pass", ""))
        box.statuses[code(number)] = "passed"
    for number in range(126, 141):  # faulty, good, and long after it a message that had been under way
        early = box.later()
        box.one(number, filled(box.issued(number), SLIP), (code(number), "1", "fail", ""))
        box.one(number, filled(box.issued(number)), (code(number), "2", "pass", ""))
        late = filled(box.issued(number), OTHER_SLIP)
        box.one(number, late, (code(number), "3", "fail", ""), minute=early)
        box.statuses[code(number)] = "passed"
    for number in range(141, 151):  # the later one lies first, and its Date header claims to be older
        box.later()
        first, second = box.clock, box.later()
        good, faulty = filled(box.issued(number)), filled(box.issued(number), SLIP)
        box.one(number, good, (code(number), "1", "pass", ""), minute=second, dated=timedelta(days=-900))
        box.one(number, faulty, (code(number), "2", "fail", ""), minute=first, dated=timedelta(days=900))
        box.statuses[code(number)] = "passed"


def _whose(box: Mailbox) -> None:
    for number in range(151, 156):
        box.one(number, box.specials["last year"], (None, "", None, "wrong-year"))
    for number in range(156, 161):  # a colleague's workbook
        box.one(number, filled(box.issued(number - 100), SLIP), (None, "", "fail", "ambiguous"))
        box.statuses[code(number)] = "human"
    for number in range(161, 166):  # two units in one mail
        at, other = minutes(box.later()), number + 5
        subject = f"第{box.clock}封 两个单位"
        pair = [(f"{n}.xlsx", filled(box.issued(n))) for n in (number, other)]
        mail = Mail(address(number), subject, received=at, attachments=pair)
        box.put(
            mail,
            Line(subject, f"{number}.xlsx", code(number), "1", "pass", ""),
            Line(subject, f"{other}.xlsx", None, "", "pass", "ambiguous"),
        )
        box.statuses |= {code(number): "passed", code(other): "human"}
    for number in range(1, 7):
        sender = f"stranger{number}@example.com"
        box.one(number, box.specials["foreign"], (None, "", None, "wrong-template"), sender=sender)


def _wrapped(box: Mailbox) -> None:
    for number in range(171, 176):  # forwarded twice, by offices that are on no roster
        at = minutes(box.later())
        subject = f"第{box.clock}封 转发"
        own = Mail(address(number), "原信", attachments=[("报表.xlsx", filled(box.issued(number)))])
        once = Mail("district@example.gov.cn", "转发", parts=[nested(bytes(own), encoded=number % 2 == 0)])
        twice = Mail(
            "county@example.gov.cn",
            subject,
            received=at,
            parts=[nested(bytes(once), encoded=number % 3 == 0)],
        )
        box.put(twice, Line(subject, "报表.xlsx", code(number), "1", "pass", ""))
        box.statuses[code(number)] = "passed"
    for number in range(176, 181):
        at = minutes(box.later())
        subject = f"第{box.clock}封 压缩包"
        inside = {
            "报表/年报(盖章).xlsx": filled(box.issued(number)),
            "报表/说明.txt": "见表".encode("gb18030"),
        }
        mail = Mail(address(number), subject, received=at, attachments=[("报表.zip", zipped(inside))])
        box.put(
            mail,
            Line(subject, "年报(盖章).xlsx", code(number), "1", "pass", ""),
            Line(subject, "说明.txt", None, "", None, ""),
        )
        box.statuses[code(number)] = "passed"
    for number in range(181, 184):
        line = (code(number), "1", "warn", "")
        box.one(number, box.specials[f"xls {number}"], line)
        box.statuses[code(number)] = "returned"


def _unreadable(box: Mailbox) -> None:
    for numbers, special, reason in (
        (range(184, 187), "encrypted", "encrypted"),
        (range(187, 190), "hostile", "unsafe"),
    ):
        for number in numbers:
            box.one(number, box.specials[special], (None, "", None, reason))
    for number in range(1, 6):  # cut off under way
        content = filled(box.issued(number + 60))
        whole = bytes(
            Mail(
                address(number),
                f"第{box.later()}封 断了",
                received=minutes(box.clock),
                attachments=[("表.xlsx", content)],
            )
        )
        box.messages.append(whole[: len(whole) * 2 // 3])
        box.lines.append(Line(f"第{box.clock}封 断了", "表.xlsx", None, "", None, "corrupt"))


def _without_workbook(box: Mailbox) -> None:
    link = "文件:年报.xlsx (1.2M)\r\n进入下载页面:https://mail.qq.com/cgi-bin/ftnExs_download?k=1&t=exs_ftn_download"

    def word(number: int, text: str, reason: str, **more: object) -> None:
        at = minutes(box.later())
        subject = str(more.pop("subject", "")) or f"第{box.clock}封 {reason}"
        sender = str(more.pop("sender", "")) or address(number)
        mail = Mail(sender, subject, text, at, **more)  # type: ignore[arg-type]  # as the case says
        box.put(mail, Line(subject, "", None, "", None, reason))

    for number in range(190, 193):
        word(number, link, "link-only")
    for number in range(193, 196):
        word(number, "请问第二张表怎么填?", "no-workbook")
    for number in range(196, 198):
        mail = bounce(box.letter_ids(number), address(number), minutes(box.later()))
        mail.subject = f"第{box.clock}封 系统退信"
        box.put(mail, Line(mail.subject, "", None, "", None, "bounce"))
        box.statuses[code(number)] = "bounced"
    away = {"Auto-Submitted": "auto-replied"}
    returned = [attached("原件.xlsx", box.issued(198).read_bytes())]
    word(198, "我正在休假。", "auto-reply", headers=away, parts=returned)
    box.one(199, box.issued(199).read_bytes(), (None, "", None, "unfilled"))
    for number in range(1, 11):
        word(
            number,
            "本轮发出的信的副本",
            "own-letter",
            message_id=box.letter_ids(number),
            sender="office@example.gov.cn",
        )
    while len(box.messages) < 399:
        word(0, "会议通知。", "no-workbook", sender=f"news{box.clock}@example.com")
    scan = Mail(
        address(200),
        "第400封 扫描件",
        received=minutes(box.later()),
        attachments=[("盖章.pdf", b"%PDF-1.4 " + b"0" * 400)],
    )
    box.put(scan, Line("第400封 扫描件", "盖章.pdf", None, "", None, "unsupported-format"))
