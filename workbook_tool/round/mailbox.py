"""Fetching from a mailbox by IMAP: only reading, only what is new, and whatever ends the run loses nothing.

Messages are asked for by number (``UID n:*``) and filtered here: providers differ in what else they take.
"""

from __future__ import annotations

import imaplib
import ssl
from typing import TYPE_CHECKING, Any

from workbook_tool import __version__
from workbook_tool.errors import WorkbookToolError
from workbook_tool.round.arrivals import Arrival
from workbook_tool.round.collect import message_hash
from workbook_tool.round.ledger import Event, sane_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workbook_tool.round.folder import Round

_TIMEOUT = 60
_BROKEN = (OSError, UnicodeError, imaplib.IMAP4.error)
_AT_ONCE = 20
_WHOLE = b"BODY[]"
_FAILURES = {
    "reach": "连不上 (cannot reach)",
    "login": "拒绝登录:用户名或授权码不对 (login refused)",
    "open": "打不开邮箱文件夹 {folder} (cannot open the folder)",
    "fetch": "连接中断,已收的都在,再运行一次接着收 (connection lost; run again)",
}


class Mailbox:
    """A folder of the round's mailbox, open to be read; use it as a context manager."""

    def __init__(self, place: Round, password: str, cafile: Path | None = None, folder: str = "") -> None:
        """Log in and look at the folder; certificates are always verified."""
        imap = place.settings.imap
        if not imap.host:
            message = "round.toml 里没有写收信服务器 (no [imap] host)"
            raise WorkbookToolError(message)
        self._place = place
        self._folder = folder or imap.folder
        self._where = f"{imap.host}:{imap.port}"
        library = _library()
        try:
            context = ssl.create_default_context(cafile=str(cafile) if cafile else None)
            self._client = library.IMAPClient(imap.host, imap.port, ssl_context=context, timeout=_TIMEOUT)
        except ssl.SSLCertVerificationError as error:
            message = (
                f"{imap.host} 的证书不可信;单位自建的证书请用 --cafile (certificate not trusted):"
                f" {error.verify_message}"
            )
            raise WorkbookToolError(message) from error
        except _BROKEN as error:
            raise self._failed("reach", error) from error
        self._client.normalise_times = False
        try:
            self._client.login(imap.user or place.settings.mail.address, password)
        except imaplib.IMAP4.error as error:
            raise self._failed("login", error) from error
        self._introduce()
        try:
            self._validity = self._client.select_folder(self._folder, readonly=True)[b"UIDVALIDITY"]
        except (KeyError, *_BROKEN) as error:
            raise self._failed("open", error) from error

    def __enter__(self) -> Mailbox:  # noqa: PYI034  # not meant for heirs
        """The mailbox itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Log out, if the connection still stands."""
        try:
            self._client.logout()
        except _BROKEN:
            return

    def new(self) -> list[int]:
        """The numbers of the messages that were not fetched yet."""
        row = self._place.ledger.row(
            "SELECT COALESCE(MAX(uid), 0) AS last FROM fetched WHERE folder = ? AND validity = ?",
            self._folder,
            self._validity,
        )
        last = row["last"] if row else 0
        # A server answers "n:*" with its last message even where that is older than n.
        return sorted(uid for uid in self._ask(self._client.search, ["UID", f"{last + 1}:*"]) if uid > last)

    def fetch(self, uids: list[int]) -> Iterator[str]:
        """Fetch and keep the messages `uids`; the hash of each as soon as it is safe."""
        most = self._place.settings.limits.message_mib << 20
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            facts = self._ask(self._client.fetch, some, ["INTERNALDATE", "RFC822.SIZE"])
            small = [uid for uid in some if uid in facts and facts[uid][b"RFC822.SIZE"] <= most]
            contents = self._ask(self._client.fetch, small, ["BODY.PEEK[]"]) if small else {}
            for uid in some:
                if uid not in facts or (uid in small and _WHOLE not in contents.get(uid, {})):
                    continue  # deleted in the meantime
                data = contents[uid][_WHOLE] if uid in small else self._headers(uid)
                yield self._keep(uid, data, facts[uid])

    def _headers(self, uid: int) -> bytes:
        """What is kept of a message that is too large: its headers."""
        found = self._ask(self._client.fetch, [uid], ["BODY.PEEK[HEADER]"]).get(uid, {})
        header: bytes = found.get(b"BODY[HEADER]", b"")
        return header

    def _keep(self, uid: int, data: bytes, facts: dict[bytes, Any]) -> str:
        sha = message_hash(data)
        self._place.keep_raw(sha, data)
        place = (self._folder, self._validity, uid)
        with self._place.ledger.writing():
            query = "SELECT 1 FROM fetched WHERE folder = ? AND validity = ? AND uid = ?"
            if self._place.ledger.row(query, *place):
                return sha  # by another run, meanwhile
            self._place.ledger.add(
                "fetched",
                folder=self._folder,
                validity=self._validity,
                uid=uid,
                sha=sha,
                received=sane_stamp(facts[b"INTERNALDATE"]),
                size=facts[b"RFC822.SIZE"],
            )
            self._place.ledger.record(Event("fetched", note=f"{self._folder} {uid}"))
        return sha

    def _ask(self, command: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401  # as the command gives
        try:
            return command(*arguments)
        except _BROKEN as error:
            raise self._failed("fetch", error) from error

    def _introduce(self) -> None:
        """Say who we are: some providers refuse to open any folder before."""
        try:
            self._client.id_({"name": "wb-tool", "version": __version__})
        except (ValueError, *_BROKEN):
            return  # a server that does not know the command does not need it

    def _failed(self, step: str, error: Exception) -> WorkbookToolError:
        said = _FAILURES[step].format(folder=self._folder)
        message = f"{self._where} {said}: {error}"
        return WorkbookToolError(message)


def _library() -> Any:  # noqa: ANN401  # a library without types
    try:
        import imapclient  # noqa: PLC0415  # an extra
    except ImportError as error:
        message = "收信需要安装 wb-tool[mail] (fetching needs the extra): pip install 'wb-tool[mail]'"
        raise WorkbookToolError(message) from error
    return imapclient


def fetched(place: Round) -> list[Arrival]:
    """What was fetched and not taken in yet, in the order in which it came."""
    query = (
        "SELECT sha, received, size FROM fetched WHERE sha NOT IN (SELECT sha FROM message)"
        " ORDER BY received, folder, validity, uid"
    )
    return [
        Arrival(place.raw(row["sha"]), received=row["received"], clock="server", size=row["size"])
        for row in place.ledger.rows(query)
    ]
