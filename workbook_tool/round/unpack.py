"""Bytes from the mail → the files in them, however they are wrapped: nested messages, archives, both.

Names are evidence and nothing more; what a file is, is decided from its content.
"""

from __future__ import annotations

import base64
import email
import re
from dataclasses import dataclass, field
from email.message import Message
from email.policy import compat32
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase
from workbook_tool.round.archives import Allowance, Refused, archive_kind, members
from workbook_tool.round.envelope import Envelope, envelope_of, links_only, message_ids
from workbook_tool.round.names import attachment_name, decoded_bytes, safe_name
from workbook_tool.rules import rule
from workbook_tool.sources import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.round.settings import Limits

_DEEPEST_MIME = 10
_DEEPEST_ARCHIVE = 2
_MOST_PARTS = 100
_LONGEST_BODY = 200_000
_WORKBOOKS = frozenset({"xlsx", ".xls", ".ods", ".xlsb", "encrypted"})
_MAY_HOLD_FILES = frozenset({"archive", "unknown", "truncated", "text"})
_PASSED_OVER = frozenset({"picture", "text"})
_REASON = {
    "encrypted": "encrypted",
    "unsafe": "unsafe",
    "truncated": "corrupt",
    "empty": "corrupt",
    "unreadable": "corrupt",
    "no_report": "wrong-template",
    "several": "wrong-template",
}
"""The reason for setting a file aside, for a case of W-01; any other case is an unsupported format."""

_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks and archives begin, whatever they are said to be."""

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_FIELD = re.compile(rb"([!-9;-~\x80-\xff]{1,60}):")
_SPACED = re.compile(rb"^([!-9;-~\x80-\xff]{1,60})[ \t]+:", re.MULTILINE)
_BLANK = re.compile(rb"\n\r?\n")
_POSTMARK = re.compile(rb">?From [^\n]*\n")
_TELLING = frozenset(
    b"received from message-id return-path mime-version delivered-to date subject content-type to".split()
)
_LONGEST_HEAD = 2**18


class Leaf(NamedTuple):
    """One file: where it was, what it is called and is, and why it can be no submission if it cannot."""

    path: str
    name: str
    content: bytes
    kind: str
    envelope: Envelope
    reason: str = ""
    why: Phrase = Phrase("", "")

    @property
    def is_workbook(self) -> bool:
        """Whether it is to be opened."""
        return self.kind in _WORKBOOKS and not self.reason


@dataclass
class Unpacked:
    """What came out of one message or loose file."""

    envelope: Envelope = field(default_factory=Envelope)
    is_message: bool = False
    has_link: bool = False
    mentions: set[str] = field(default_factory=set)
    """Message ids in a bounce: one of them is of the letter that did not arrive."""
    failed: bool = False
    """Whether a bounce says that delivery failed for good, not that it is late."""


def as_message(data: bytes) -> bytes | None:
    """`data` as the mail that it begins as, without what some program put before it; else ``None``."""
    if b"\n" not in data[:_LONGEST_HEAD]:
        data = data.replace(b"\r", b"\n")
    start = _POSTMARK.sub(b"", data[:_LONGEST_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n"), count=1)
    blank = _BLANK.search(start)
    end = blank.start() if blank else len(start)
    head = _SPACED.sub(rb"\1:", start[:end])
    fields = [line for line in head.splitlines() if line[:1] not in (b" ", b"\t", b"")]
    names = [_FIELD.match(line) for line in fields]
    if len(fields) < 2 or not all(names[:2]):  # noqa: PLR2004  # one line with a colon is any text
        return None
    if not any(name and name[1].lower() in _TELLING for name in names):
        return None
    return head + start[end:] + data[_LONGEST_HEAD:]


def reason_of(error: SourceError) -> tuple[str, Phrase]:
    """Why a file that could not be read is set aside, and the words of W-01 for it."""
    entry = rule("W-01").case(error.case)
    words = (
        {k: v.say(lang) if isinstance(v, Phrase) else v for k, v in error.details.items()}
        for lang in ("zh", "en")
    )
    said = (entry.message.say(lang).format_map(some) for lang, some in zip(("zh", "en"), words, strict=True))
    return _REASON.get(error.case, "unsupported-format"), Phrase(*said)


class Unpacking:
    """One message or loose file being taken apart, within its limits."""

    def __init__(self, limits: Limits) -> None:
        """Start with the whole allowance."""
        self.outcome = Unpacked()
        self._allowance = Allowance(limits.members, limits.inflated_mib << 20)
        self._parts = 0
        self._is_beyond = False

    def unpack(self, data: bytes, name: str = "") -> Iterator[Leaf]:
        """Every file in `data`, which is a message, an archive or a file itself."""
        yield from self._content(data, name, "", Envelope(), 0, 0)

    def _content(
        self, data: bytes, name: str, path: str, envelope: Envelope, mime: int, archive: int
    ) -> Iterator[Leaf]:
        message = as_message(data)
        if message is not None:
            yield from self._message(email.message_from_bytes(message, policy=compat32), path, mime, archive)
            return
        kind, reason, why = _kind(data)
        if kind == "text" and name.lower().endswith(".eml"):
            kind, reason, why = "message", "corrupt", _NO_MAIL
        packed = archive_kind(data) if kind in _MAY_HOLD_FILES else ""
        if not packed:
            yield Leaf(path, name, data, kind, envelope, reason, why)
        elif archive >= _DEEPEST_ARCHIVE:
            yield Leaf(path, name, data, packed, envelope, "unsafe", _TOO_DEEP)
        else:
            yield from self._archive(Leaf(path, name, data, packed, envelope), mime, archive)

    def _archive(self, leaf: Leaf, mime: int, archive: int) -> Iterator[Leaf]:
        path = f"{leaf.path}!" if leaf.path else ""
        try:
            for number, member in enumerate(members(leaf.content, leaf.kind, self._allowance), start=1):
                name, where = safe_name(member.name), f"{path}{number}:{safe_name(member.name)}"
                if member.problem:
                    inside = f"{leaf.name}/{name}" if leaf.name else name
                    yield Leaf(where, inside, b"", leaf.kind, leaf.envelope, member.problem)
                else:
                    yield from self._content(member.content, name, where, leaf.envelope, mime, archive + 1)
        except Refused as refused:
            yield leaf._replace(reason=refused.reason, why=refused.why)

    def _message(self, message: Message, path: str, mime: int, archive: int) -> Iterator[Leaf]:
        envelope = envelope_of(message)
        if not path:
            self.outcome.envelope, self.outcome.is_message = envelope, True
        yield from self._part(message, path, envelope, mime, archive)

    def _part(self, part: Message, path: str, envelope: Envelope, mime: int, archive: int) -> Iterator[Leaf]:
        self._parts += 1
        if mime > _DEEPEST_MIME or self._parts > _MOST_PARTS:
            if not self._is_beyond:
                yield Leaf(path, "", b"", "message", envelope, "unsafe", _TOO_DEEP)
            self._is_beyond = True
            return
        kind = part.get_content_type()
        payload = part.get_payload()
        inside = [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
        if kind == "message/delivery-status":
            self._delivery(part)
        elif kind in ("message/rfc822", "message/global"):
            for inner in inside:
                yield from self._nested(inner, part, f"{path}/rfc822".lstrip("/"), mime, archive)
        elif isinstance(payload, list):
            for number, inner in enumerate(inside, start=1):
                where = f"{path}/{number}".lstrip("/")
                yield from self._part(inner, where, envelope, mime + 1, archive)
        else:
            yield from self._attachment(part, path or "1", envelope, mime, archive)

    def _nested(self, inner: Message, outer: Message, path: str, mime: int, archive: int) -> Iterator[Leaf]:
        """A message in a message; some mailers encode it, which the standard forbids."""
        text = inner.get_payload()
        if _encoding(outer) == "base64" and isinstance(text, str):
            whole = as_message(_from_base64(text))
            if whole is not None:
                inner = email.message_from_bytes(whole, policy=compat32)
        self.outcome.mentions.update(message_ids(str(inner.get("message-id", ""))))
        yield from self._message(inner, path, mime + 1, archive)

    def _attachment(
        self, part: Message, path: str, envelope: Envelope, mime: int, archive: int
    ) -> Iterator[Leaf]:
        data = _decoded(part)
        name = attachment_name(part)
        if part.get_content_maintype() == "text" and not name and not data.startswith(_FILES):
            text = decoded_bytes(data[:_LONGEST_BODY])
            self.outcome.has_link |= links_only(text)
            self.outcome.mentions.update(message_ids(text))
            return
        if data.strip() or name:
            yield from self._content(data, name, path, envelope, mime + 1, archive)

    def _delivery(self, part: Message) -> None:
        """What a delivery report says of the letter it is about."""
        text = part.as_string()
        self.outcome.mentions.update(message_ids(text))
        self.outcome.failed |= re.search(r"^action:\s*failed", text, re.IGNORECASE | re.MULTILINE) is not None


_NO_MAIL = Phrase("读不出邮件", "no mail can be read in it")
_TOO_DEEP = Phrase("嵌套太深或文件太多", "nested too deep, or too many files")


def _encoding(part: Message) -> str:
    return "".join(re.findall(r"[a-z0-9-]+", str(part.get("content-transfer-encoding", "")).lower())[:1])


def _decoded(part: Message) -> bytes:
    """The content of a part; of one that was cut off under way, what came of it."""
    text = part.get_payload()
    if _encoding(part) == "base64" and isinstance(text, str):
        return _from_base64(text)
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _from_base64(text: str) -> bytes:
    """The bytes that `text` encodes, up to its first padding or to where it was cut off."""
    letters = _NOT_BASE64.sub(b"", text.encode("ascii", "ignore")).partition(b"=")[0]
    usable = len(letters) - (len(letters) % 4 == 1)
    return base64.b64decode(letters[:usable] + b"=" * (-usable % 4))


def _kind(data: bytes) -> tuple[str, str, Phrase]:
    """What a file is, and why it is set aside by what it is alone."""
    try:
        return kind_of(data) or "text", "", Phrase("", "")
    except SourceError as error:
        if error.case in _PASSED_OVER:
            return error.case, "", Phrase("", "")
        return (error.case, *reason_of(error))
