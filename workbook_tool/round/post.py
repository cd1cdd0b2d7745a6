"""Sending drafts by SMTP: each at most once, no faster than providers allow, and every doubt on record.

A letter is noted as being sent just before its content goes out. If no answer comes, it may or may not
have arrived: it is then unknown, and only a person has it sent again.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.policy import compat32
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.errors import WorkbookToolError
from workbook_tool.round.ledger import Event, stamp
from workbook_tool.round.outbox import read_draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from sqlite3 import Row

    from workbook_tool.round.folder import Round
    from workbook_tool.round.roster import Unit

_TIMEOUT = 60
_FAILURE, _PERMANENT = 400, 500
_TOO_FAST = re.compile(r"frequen|too many|\brate\b|DT:SPM|\b[45]\.7\.", re.IGNORECASE)
_CRLF = compat32.clone(linesep="\r\n")


class Posted(NamedTuple):
    """What became of one letter: sent, refused, unknown, or left as a draft, and what the server said."""

    file: str
    unit: str
    status: str
    words: str = ""


class StoppedError(WorkbookToolError):
    """The server takes no more for now; what was not sent stays a draft."""


def pending(place: Round) -> list[Row]:
    """The letters that wait to be sent, in the order in which they were drafted."""
    settle(place)
    return place.ledger.rows("SELECT * FROM letter WHERE status = 'drafted' ORDER BY id")


def settle(place: Round) -> None:
    """Put right what a run left that was cut short: letters on their way are unknown, sent ones move."""
    ledger = place.ledger
    for row in ledger.rows("SELECT * FROM letter WHERE status = 'sending'"):
        with ledger.writing(durable=True):
            ledger.run("UPDATE letter SET status = 'unknown' WHERE id = ?", row["id"])
            ledger.record(Event("unknown", row["unit"], letter=row["id"], note="cut short"))
    for row in ledger.rows("SELECT file FROM letter WHERE status = 'sent'"):
        if (place.outbox / row["file"]).exists():
            (place.outbox / row["file"]).replace(place.sent / row["file"])


def allowance(place: Round) -> int:
    """How many letters may still be sent within a day."""
    since = stamp(datetime.now(UTC) - timedelta(days=1))
    query = (
        "SELECT COUNT(*) AS n FROM event WHERE kind IN ('sent', 'unknown') AND note != 'by hand' AND at > ?"
    )
    row = place.ledger.row(query, since)
    return max(0, place.settings.smtp.per_day - (row["n"] if row else 0))


def connect(place: Round, password: str, cafile: Path | None = None) -> smtplib.SMTP:
    """A connection to the round's server, logged in; certificates are always verified."""
    smtp = place.settings.smtp
    if not smtp.host or not place.settings.mail.address:
        message = "round.toml 里没有写发信服务器和发信人 (no [smtp] host, or no [mail] from)"
        raise WorkbookToolError(message)
    try:
        context = ssl.create_default_context(cafile=str(cafile) if cafile else None)
        if smtp.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, timeout=_TIMEOUT)
            server.starttls(context=context)
        if server.sock:
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.login(smtp.user or place.settings.mail.address, password)
    except ssl.SSLCertVerificationError as error:
        message = (
            f"{smtp.host} 的证书不可信,没有发信;单位自建的证书请用 --cafile (certificate not trusted):"
            f" {error.verify_message}"
        )
        raise WorkbookToolError(message) from error
    except smtplib.SMTPAuthenticationError as error:
        said = f"{error.smtp_code} {_said(error.smtp_error)}"
        message = f"{smtp.host} 拒绝登录:用户名或授权码不对 (login refused): {said}"
        raise WorkbookToolError(message) from error
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        message = f"连不上发信服务器 (cannot reach the server): {smtp.host}:{smtp.port}: {error}"
        raise WorkbookToolError(message) from error
    return server


def send(place: Round, letters: list[Row], server: smtplib.SMTP) -> Iterator[Posted]:
    """Send `letters`, the given ones and in order; a `StoppedError` where the server takes no more."""
    pause = 60 / max(1, place.settings.smtp.per_minute)
    units = place.ledger.units()
    for number, row in enumerate(letters):
        if number:
            time.sleep(pause)
        yield _Sending(place, row, server).run(units[row["unit"]])


class _Sending:
    """One letter on its way."""

    def __init__(self, place: Round, row: Row, server: smtplib.SMTP) -> None:
        self._place = place
        self._row = row
        self._server = server

    def run(self, unit: Unit) -> Posted:
        """Send it to `unit`; what is known to have failed before its content went out may be sent again."""
        message = read_draft(self._place, self._row, unit, self._place.ledger.now())
        recipients = list(unit.addresses)
        if message is None or not recipients:
            words = "草稿不在了或已损坏 (no draft)" if recipients else "花名册上没有邮箱 (no address)"
            return self._settled("drafted", words)
        try:
            self._answered(self._server.mail(self._place.settings.mail.address), "MAIL")
            refused, deferred = self._recipients(recipients)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise StoppedError(_stopped(f"连接中断 (connection lost): {error}")) from error
        if deferred or len(refused) == len(recipients):
            self._server.rset()
        if deferred:
            return self._settled("drafted", deferred)
        if len(refused) == len(recipients):
            return self._settled("refused", "; ".join(refused))
        return self._content(message.as_bytes(policy=_CRLF), "; ".join(refused))

    def _recipients(self, recipients: list[str]) -> tuple[list[str], str]:
        """The recipients that the server refuses for good, and one that it refuses for now, in its words."""
        refused: list[str] = []
        for address in recipients:
            code, said = self._server.rcpt(address)
            words = f"{address}: {code} {_said(said)}"
            if code < _FAILURE:
                continue
            if _TOO_FAST.search(words):
                raise StoppedError(_stopped(words))
            if code < _PERMANENT:
                return refused, words
            refused.append(words)
        return refused, ""

    def _content(self, content: bytes, refused: str) -> Posted:
        place, row = self._place, self._row
        with place.ledger.writing(durable=True):
            taken = place.ledger.run(
                "UPDATE letter SET status = 'sending' WHERE id = ? AND status = 'drafted'", row["id"]
            )
        if not taken:
            return Posted(row["file"], row["unit"], "sent", "另一个程序在发 (being sent by another run)")
        try:
            code, said = self._server.data(content)
        except smtplib.SMTPDataError as error:  # DATA itself was refused, nothing went out
            code, said = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
        except (OSError, smtplib.SMTPException) as error:
            self._settled("unknown", str(error))
            raise StoppedError(
                _stopped(
                    f"{row['file']} 发送中连接中断,不知道对方收到没有;问清后用 wb-tool round mark 说明"
                    f" (connection lost, the letter may have arrived): {error}"
                )
            ) from error
        if code < _FAILURE:
            return self._settled("sent", refused)
        words = f"{code} {_said(said)}"
        if code < _PERMANENT or _TOO_FAST.search(words):
            self._settled("drafted", words)
            raise StoppedError(_stopped(words))
        return self._settled("refused", words)

    def _answered(self, reply: tuple[int, bytes], what: str) -> None:
        code, said = reply
        if code >= _FAILURE:
            raise StoppedError(_stopped(f"{what}: {code} {_said(said)}"))

    def _settled(self, status: str, words: str) -> Posted:
        """Note what became of it."""
        place, row = self._place, self._row
        with place.ledger.writing(durable=True):
            sent = place.ledger.now() if status == "sent" else None
            place.ledger.run(
                "UPDATE letter SET status = ?, sent = ?, words = ? WHERE id = ?",
                status,
                sent,
                words,
                row["id"],
            )
            if status != "drafted":
                place.ledger.record(Event(status, row["unit"], letter=row["id"], note=words))
        if status == "sent":
            with suppress(OSError):  # open in another program: `settle` moves it
                (place.outbox / row["file"]).replace(place.sent / row["file"])
        return Posted(row["file"], row["unit"], status, words)


def _said(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:300]


def _stopped(words: str) -> str:
    return f"服务器暂时不收,余下的仍在 outbox,过些时候再发 (stopped, the rest stays in the outbox): {words}"
