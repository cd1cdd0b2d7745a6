"""What a message says about itself: who wrote it, when our server took it in, what it answers, what it is."""

from __future__ import annotations

import re
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbook_tool.round.ledger import sane_stamp
from workbook_tool.round.names import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

Nature = Literal["", "bounce", "auto-reply"]

_IDS = re.compile(r"<([!-;=?-~]{1,250})>")
_ROBOTS = re.compile(r"(mailer-daemon|postmaster|mail-daemon|maildaemon)@", re.IGNORECASE)
_BOUNCED = re.compile(
    r"退信|退回|投递失败|发送失败|undeliver|delivery (?:status|failure)|returned mail|mail delivery failed",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"^(?:自动回复|自动答复|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office)", re.IGNORECASE
)
_LINK = re.compile(
    r"https?://(?:"
    r"(?:wx\.)?mail\.qq\.com/(?:cgi-bin/)?ftn|[\w.]*mail\.(?:163|126|yeah|qiye\.163)\.\w+/large-attachment"
    r"|mail\.163\.com/large-attachment|dashi\.(?:163|126)\.com|[\w.]*kdocs\.cn/|[\w.]*dingtalk\.com/"
    r"|pan\.baidu\.com/|[\w.]*weiyun\.com/|[\w.]*lanzou\w*\.com/|drive\.weixin\.qq\.com/"
    r"|[\w.]*(?:aliyundrive|alipan)\.com/|cloud\.189\.cn/|yun\.139\.com/)",
    re.IGNORECASE,
)
_LONGEST_TEXT = 200_000
_MOST_IDS = 100


class Envelope(NamedTuple):
    """One message: empty texts where it does not say."""

    message_id: str = ""
    sender: str = ""
    subject: str = ""
    dated: str = ""
    """Its Date header, shown and never decided by."""
    received: str = ""
    """When the last server took it in, as the ledger writes it."""
    answers: tuple[str, ...] = ()
    """The messages that it replies to."""
    nature: Nature = ""


def envelope_of(message: Message) -> Envelope:
    """The envelope of a message parsed by the policy ``compat32``."""
    return Envelope(
        message_id=next(iter(_ids(message, "message-id")), ""),
        sender=_sender(message),
        subject=decoded(_first(message, "subject"))[:200],
        dated=decoded(_first(message, "date"))[:60],
        received=_received(message),
        answers=tuple(dict.fromkeys(_ids(message, "in-reply-to", "references")))[:_MOST_IDS],
        nature=_nature(message),
    )


def links_only(text: str) -> bool:
    """Whether a body offers its attachment as a link (超大附件, 网盘)."""
    return _LINK.search(text[:_LONGEST_TEXT]) is not None


def message_ids(text: str) -> Iterator[str]:
    """Everything in a text that looks like the id of a message."""
    return (found[1] for found in _IDS.finditer(text[:_LONGEST_TEXT]))


def _first(message: Message, name: str) -> str:
    return next((str(value) for key, value in message.raw_items() if key.lower() == name), "")


def _ids(message: Message, *names: str) -> list[str]:
    text = " ".join(_first(message, name) for name in names)
    return list(message_ids(text))


def _sender(message: Message) -> str:
    """The address of who wrote it, in small letters."""
    for name in ("from", "sender", "reply-to"):
        raw = _first(message, name).encode("ascii", "replace").decode()
        for _, address in getaddresses([raw]):
            if "@" in address:
                return address.strip().lower()[:250]
    return ""


def _received(message: Message) -> str:
    """The time in the topmost Received header, which our own server wrote."""
    try:
        return sane_stamp(parsedate_to_datetime(_first(message, "received").rpartition(";")[2].strip()))
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _nature(message: Message) -> Nature:
    kind = _first(message, "content-type").lower()
    subject, sender = decoded(_first(message, "subject")), _first(message, "from")
    if "multipart/report" in kind and "disposition-notification" not in kind:
        return "bounce"
    if _ROBOTS.search(sender) and (
        _BOUNCED.search(subject) or _first(message, "return-path").strip() == "<>"
    ):
        return "bounce"
    automatic = _first(message, "auto-submitted").strip().lower()
    replied = automatic.startswith("auto-replied") or "disposition-notification" in kind
    marked = any(_first(message, name) for name in ("x-autoreply", "x-autorespond", "x-autoresponse"))
    if replied or marked or "auto" in _first(message, "precedence").lower() or _AWAY.search(subject):
        return "auto-reply"
    return ""
