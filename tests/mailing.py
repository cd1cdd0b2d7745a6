"""Mail as it comes to an office: filled workbooks, and messages in the manners of many mail programs."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import openpyxl

from tests.editing import sample_report
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.sources import open_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from workbook_tool.report import Report

OFFICE = "office@example.gov.cn"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def roster_csv(numbers: range, due: str = "2026-01-31") -> str:
    """A roster of units U001, U002 …, each with an address of its own."""
    lines = ["单位名称,单位代码,单位层级,联系人,邮箱,截止日期"]
    lines += [
        f"示例市青河区第{number}街道办事处,U{number:03d},乡镇政府、街道办事处,王{number},{address(number)},{due}"
        for number in numbers
    ]
    return "\n".join(lines) + "\n"


def address(number: int) -> str:
    return f"u{number:03d}@example.gov.cn"


def filled(issued: Path, figures: Mapping[str, int] | None = None) -> bytes:
    """The issued workbook with the sample's figures typed in, and `figures` instead of some of them."""
    return workbook_bytes(filled_report(issued, figures))


def filled_report(issued: Path, figures: Mapping[str, int] | None = None) -> Report:
    blank = open_report(issued).report
    assert blank is not None
    sample = sample_report()
    values = {cell: sample.values[cell] for cell in blank.form.cells.values()}
    values |= {blank.form.cells[name]: figure for name, figure in (figures or {}).items()}
    cover = {**blank.cover, "level": "其他单位"}
    return replace(
        sample, agency=blank.agency, year=blank.year, cover=cover, issued=blank.issued, values=values
    )


def resaved(data: bytes) -> bytes:
    """The same workbook as another program saves it."""
    stream = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(stream)
    return stream.getvalue()


def zipped(members: Mapping[str, bytes], encoding: str = "gb18030") -> bytes:
    """A zip as Windows makes it: names in its own code page, and no word of which."""
    stream = io.BytesIO()
    names = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(members.items()):
            raw = name.encode(encoding)
            stand_in = f"{number:03d}".rjust(len(raw), "x")
            names[stand_in.encode()] = raw
            archive.writestr(zipfile.ZipInfo(stand_in, (2026, 1, 5, 9, 0, 0)), content)
    data = stream.getvalue()
    for stand_in_bytes, raw in names.items():
        data = data.replace(stand_in_bytes, raw)
    return data


@dataclass
class Mail:
    """One message to the office."""

    sender: str
    subject: str = "报送年报"
    text: str = "年报见附件。"
    received: datetime = START
    dated: datetime | None = None
    attachments: list[tuple[str, bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "words"
    """How the name of an attachment is written: words, gbk, rfc2231, inline or none."""
    message_id: str = ""
    parts: list[bytes] = field(default_factory=list)
    """Other MIME parts, whole."""

    def __bytes__(self) -> bytes:
        """The message as it lies in a mailbox."""
        stamp = format_datetime(self.received)
        message_id = self.message_id or f"{self.received:%Y%m%d%H%M%S}.{self.sender}"
        head = [
            b"Return-Path: <%s>" % self.headers.pop("Return-Path", self.sender).encode(),
            b"Received: from mx (mx.example.gov.cn [127.0.0.1]) by mail.example.gov.cn; %s" % stamp.encode(),
            b"Received: from elsewhere by mx; Thu, 01 Jan 2015 00:00:00 +0800",
            b"From: %s <%s>" % (word("经办人").encode(), self.sender.encode()),
            b"To: %s" % OFFICE.encode(),
            b"Subject: %s" % word(self.subject).encode(),
            b"Date: %s" % format_datetime(self.dated or self.received).encode(),
            b"Message-ID: <%s>" % message_id.encode(),
            *(f"{name}: {value}".encode() for name, value in self.headers.items()),
            b"MIME-Version: 1.0",
        ]
        body = (
            b"Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + self.text.encode("gb18030")
        )
        inside = [body, *(attached(*one, self.manner) for one in self.attachments), *self.parts]
        if len(inside) == 1:
            return b"\r\n".join(head) + b"\r\n" + body + b"\r\n"
        return b"\r\n".join(head) + b"\r\n" + multipart(inside)


def multipart(parts: list[bytes], kind: str = "mixed") -> bytes:
    """Parts bound together, with the header that says so."""
    mark = b"=_next_%d" % (sum(map(len, parts)) % 99991)
    content = b"".join(b"--%s\r\n%s\r\n" % (mark, part) for part in parts)
    head = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind.encode(), mark)
    return head + content + b"--%s--\r\n" % mark


def attached(name: str, content: bytes, manner: str = "words") -> bytes:
    """An attachment, its name in the manner of one mail program or another."""
    body = base64.encodebytes(content).replace(b"\n", b"\r\n")
    encoding = b"Content-Transfer-Encoding: base64\r\n\r\n"
    if manner == "gbk":  # 163, Coremail
        raw = name.encode("gb18030")
        head = b'Content-Type: application/octet-stream; name="%s"\r\n' % raw
        head += b'Content-Disposition: attachment; filename="%s"\r\n' % raw
    elif manner == "rfc2231":
        quoted = "".join(f"%{byte:02X}" for byte in name.encode())
        pieces = [quoted[i : i + 60] for i in range(0, len(quoted), 60)]
        first = "utf-8''"
        continued = ";\r\n ".join(
            f"filename*{i}*={'' if i else first}{piece}" for i, piece in enumerate(pieces)
        )
        head = f"Content-Type: {XLSX}\r\nContent-Disposition: attachment;\r\n {continued}\r\n".encode()
    elif manner == "inline":
        head = f'Content-Type: {XLSX}; name="{word(name)}"\r\nContent-Disposition: inline\r\n'.encode()
    elif manner == "none":
        head = b"Content-Type: application/octet-stream\r\n"
    else:  # QQ, Foxmail
        head = (
            f'Content-Type: application/octet-stream; charset="gb18030"; name="{word(name)}"\r\n'
            f'Content-Disposition: attachment; filename="{word(name)}"\r\n'
        ).encode()
    return head + encoding + body


def word(text: str) -> str:
    """`text` as one encoded word in GB18030."""
    return f"=?gb18030?B?{base64.b64encode(text.encode('gb18030')).decode()}?="


def nested(message: bytes, *, encoded: bool = False) -> bytes:
    """A message attached to another, encoded as some gateways do though they must not."""
    if encoded:
        return b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (
            base64.encodebytes(message).replace(b"\n", b"\r\n")
        )
    return b"Content-Type: message/rfc822\r\n\r\n" + message


def bounce(of: str, to: str, received: datetime) -> Mail:
    """A delivery report on the letter with the message id `of`."""
    report = (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.gov.cn\r\n\r\n"
        b"Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\n" % to.encode()
    )
    original = b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\nTo: %s\r\n" % (
        of.encode(),
        to.encode(),
    )
    return Mail(
        "MAILER-DAEMON@example.gov.cn",
        "系统退信",
        "您的邮件未能送达。",
        received,
        headers={"Return-Path": "", "Auto-Submitted": "auto-replied"},
        parts=[report, original],
    )


def lively_round(folder: Path, run: Callable[..., object], subject: str = "报送年报") -> None:
    """A round in `folder` / "r" of 30 units, most of them in, made with the command that `run` runs there."""
    (folder / "roster.csv").write_text(roster_csv(range(1, 31)), encoding="utf-8")
    run("round", "init", "r", "--year", "2025", "--roster", "roster.csv")
    run("round", "issue", "-r", "r")
    run("round", "mark", "-r", "r", "--all")
    box = folder / "box"
    box.mkdir()
    for number in range(1, 21):
        issued = folder / "r" / "workbooks" / f"2025-U{number:03d}-1.xlsx"
        content = filled(issued, {"t3.received.natural": 13} if number > 15 else {})
        sender = address(number if number < 19 else 25)
        mail = Mail(
            sender, subject, received=minutes(number * 700), attachments=[(f"{number}.xlsx", content)]
        )
        (box / f"{number}.eml").write_bytes(bytes(mail))
    run("round", "collect", "box", "-r", "r")
    run("round", "accept", *(f"U{number:03d}" for number in range(1, 9)), "-r", "r")


def minutes(number: int) -> datetime:
    return START + timedelta(minutes=number)
