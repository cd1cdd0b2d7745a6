"""Drafts: letters as .eml files that any mail program opens, each made once.

Names of attachments are written as encoded words, in ``name=`` and in ``filename=``: what the standard asks
for (RFC 2231) shows as ``tcmime.bin`` in the web mail that most offices use.
"""

from __future__ import annotations

import email
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.files import write_whole
from workbook_tool.round.ledger import Event, moment_of
from workbook_tool.round.names import safe_name

if TYPE_CHECKING:
    from email.message import Message
    from sqlite3 import Row

    from workbook_tool.round.folder import Round
    from workbook_tool.round.roster import Unit

_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOWHERE = "wb-tool.invalid"


class Attachment(NamedTuple):
    """A workbook that goes with a letter: its name in Chinese and in ASCII, and its bytes."""

    name: str
    ascii_name: str
    content: bytes


class Letter(NamedTuple):
    """One letter to be drafted; with `about` it is told from others of its kind to the same unit."""

    kind: str
    unit: Unit
    about: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()
    answers: str = ""
    """The message that it replies to."""


def draft(place: Round, letter: Letter) -> str:
    """Draft `letter`, and the name of its file; empty where it was drafted before, or has nobody to go to.

    A draft that somebody deleted before it was sent is made again.
    """
    ledger, unit = place.ledger, letter.unit
    message_id = _message_id(place, letter)
    file = f"{letter.kind}-{unit.code}-{letter.about}.eml"
    known = ledger.row("SELECT status FROM letter WHERE message_id = ?", message_id)
    if not unit.addresses or (known and (known["status"] != "drafted" or (place.outbox / file).exists())):
        return ""
    issued = ledger.rows(
        "SELECT message_id FROM letter WHERE unit = ? AND kind = 'issue' ORDER BY id", unit.code
    )
    thread = [row["message_id"] for row in issued if letter.kind != "issue"]
    now = ledger.now()
    message = _compose(place, letter, message_id, thread)
    message["Date"] = format_datetime(moment_of(now))
    write_whole(place.outbox / file, message.as_bytes(), force=True)
    if known:
        return file
    with ledger.writing():
        number = ledger.add(
            "letter",
            message_id=message_id,
            kind=letter.kind,
            unit=unit.code,
            about=letter.about,
            file=file,
            drafted=now,
            status="drafted",
            words="",
        )
        ledger.record(Event("drafted", unit.code, letter=number, note=letter.kind))
    return file


def withdraw(place: Round, row: Row) -> None:
    """Take back a draft that time has overtaken; it may be drafted anew should it be due again."""
    with place.ledger.writing():
        if place.ledger.run("DELETE FROM letter WHERE id = ? AND status = 'drafted'", row["id"]):
            place.ledger.record(Event("withdrawn", row["unit"], note=row["file"]))
    (place.outbox / row["file"]).unlink(missing_ok=True)


def _message_id(place: Round, letter: Letter) -> str:
    """The same for the same letter, whenever it is drafted."""
    code = letter.unit.code.lower()
    domain = place.settings.mail.address.rpartition("@")[2] or _NOWHERE
    return f"wbt.{place.ledger.meta('round')}.{code}.{letter.kind}.{letter.about}@{domain}"


def _compose(place: Round, letter: Letter, message_id: str, thread: list[str]) -> Message:
    boundary = f"=_{sha256(message_id.encode()).hexdigest()[:32]}"
    message = MIMEMultipart(boundary=boundary, policy=compat32)
    if place.settings.mail.sender:
        message["From"] = _sender(place)
    message["To"] = ", ".join(letter.unit.addresses)
    subject = Header(" ".join(letter.subject.split()), "utf-8", header_name="Subject")
    message["Subject"] = subject  # type: ignore[assignment]  # headers may be objects in compat32
    message["Message-ID"] = f"<{message_id}>"
    if letter.answers:
        message["In-Reply-To"] = f"<{letter.answers}>"
    references = dict.fromkeys([*thread, letter.answers])
    if any(references):
        message["References"] = " ".join(f"<{found}>" for found in references if found)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Unsent"] = "1"  # mail programs open it to be sent
    message.attach(MIMEText(letter.body, "plain", "utf-8", policy=compat32))
    for attachment in letter.attachments:
        message.attach(_attached(attachment, ascii_only=place.settings.mail.ascii_names))
    return message


def _sender(place: Round) -> str:
    return formataddr(parseaddr(place.settings.mail.sender), "utf-8")


def _attached(attachment: Attachment, *, ascii_only: bool) -> Message:
    part = MIMEApplication(attachment.content, _XLSX, policy=compat32)
    name = attachment.ascii_name if ascii_only else encoded(safe_name(attachment.name))
    part.replace_header("Content-Type", f'application/{_XLSX}; name="{name}"')
    part["Content-Disposition"] = f'attachment; filename="{name}"'
    return part


def encoded(text: str) -> str:
    """`text` as encoded words, none of them cut within a character; plain where it is ASCII."""
    line = " ".join(text.split())
    return line if line.isascii() else Header(line, "utf-8", maxlinelen=75).encode(linesep="")


def read_draft(place: Round, row: Row, unit: Unit, date: str) -> Message | None:
    """A draft as it is sent to `unit` on `date`; ``None`` where it is gone, or no letter any more.

    Somebody may have edited its words; whom it goes to and what it is known by are the round's affair.
    """
    try:
        data = (place.outbox / row["file"]).read_bytes()
    except OSError:
        return None
    message = email.message_from_bytes(data, policy=compat32)
    if not message["Subject"]:
        return None
    settled = {
        "From": _sender(place),
        "To": ", ".join(unit.addresses),
        "Message-ID": f"<{row['message_id']}>",
        "Date": format_datetime(moment_of(date)),
    }
    for name in (*settled, "Cc", "Bcc", "X-Unsent"):
        del message[name]
    for name, value in settled.items():
        message[name] = value
    return message
