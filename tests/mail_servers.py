"""Mail servers for tests: a certificate authority, Dovecot, an SMTP server, and a provider's quirks.

All of them listen on 127.0.0.1, on ports that were free, and are gone when their ``with`` ends.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import email
import itertools
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, localtime
from pathlib import Path
from string import Template
from typing import Any, Literal, NamedTuple, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

LOOPBACK = "127.0.0.1"
PATIENCE = 20
"""Seconds within which a server must be up, or down again."""


class Authority:
    """A new certificate authority, and its certificate for ``localhost`` and 127.0.0.1, in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.cafile = folder / "authority.pem"
        self.certificate = folder / "server.pem"
        self.key = folder / "server.key"
        authority = trustme.CA()
        issued = authority.issue_cert("localhost", LOOPBACK)
        authority.cert_pem.write_to_path(str(self.cafile))
        issued.private_key_pem.write_to_path(str(self.key))
        self.certificate.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))

    def server_context(self) -> ssl.SSLContext:
        """What a server needs to show the certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def client_context(self) -> ssl.SSLContext:
        """What a client needs to trust this authority, and no other."""
        return ssl.create_default_context(cafile=self.cafile)


DOVECOT = Template("""\
base_dir = $folder/run
state_dir = $folder/run
log_path = /dev/stderr
listen = $loopback
protocols = imap
login_greeting = $greeting
ssl = required
ssl_cert = <$folder/server.pem
ssl_key = <$folder/server.key
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
mail_uid = $user
mail_gid = $group
first_valid_uid = 1
mail_location = maildir:$folder/mail/%u
mail_fsync = never
mail_max_userip_connections = 100
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = $folder/users
}
userdb {
  driver = static
  args = home=$folder/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = $port
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
""")

UNTIL_UNWATCHED = """\
exec 3<&0
"$0" -F -c "$1" 3<&- &
server=$!
(cat <&3 >/dev/null; kill $server; sleep 0.1; kill -9 $server) &
wait $server
kill -9 0
"""
"""Dovecot until standard input ends, however that came about; then nothing of it is left.

Its processes end at once when they are told to; only the first waits for a second, which is not needed.
"""


class Dovecot:
    """An IMAP server with TLS from the start, and a Maildir for each of `users` (name: password).

    It keeps its mail in a folder with a short name, since paths of sockets are limited to 107
    characters, and which its account may enter: for root, that is ``nobody``. In `folder` is its log.
    User names are lower case, as Dovecot takes them.
    """

    port: int

    def __init__(self, folder: Path, authority: Authority, users: Mapping[str, str]) -> None:
        self.log = folder / "dovecot.log"
        self.authority = authority
        self.users = dict(users)
        self._numbers = itertools.count()

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory(prefix="imap-")
        self._folder = Path(self._temporary.name)
        try:
            self._settle()
            for _ in range(5):
                self.port = _free_port()
                if self._start():
                    return self
        except BaseException:
            self._temporary.cleanup()
            raise
        self._temporary.cleanup()
        message = f"Dovecot did not start: {self.log.read_text(errors='replace')}"
        raise RuntimeError(message)

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._temporary.cleanup()

    def maildir(self, user: str) -> Path:
        """Where the mail of `user` lies: ``new``, ``cur``, ``tmp``, and the other folders."""
        return self._folder / "mail" / user.lower()

    def deliver(self, user: str, raw: bytes, received: datetime | None = None) -> None:
        """Put a message into the inbox of `user`; the time of its receipt is now, unless given.

        Anyone has an inbox, but only users can open theirs.
        """
        maildir = self.maildir(user)
        for place in (maildir, *(maildir / name for name in ("tmp", "new", "cur"))):
            if not place.is_dir():
                place.mkdir(exist_ok=True)
                self._give(place)
        seconds, fraction = divmod(time.time_ns(), 10**9)
        name = f"{seconds}.M{fraction // 1000:06}P{os.getpid()}Q{next(self._numbers):06}.localhost"
        written = maildir / "tmp" / name
        written.write_bytes(raw)
        if received:
            os.utime(written, (received.timestamp(),) * 2)
        self._give(written)
        written.rename(maildir / "new" / name)

    def change_uidvalidity(self, user: str) -> None:
        """Number the messages in the inbox of `user` anew, under another UIDVALIDITY, as after a restore.

        The inbox must have been opened once; connections that have it open do not see it.
        """
        uids = self.maildir(user) / "dovecot-uidlist"
        header = uids.read_text().splitlines()[0]
        new = re.sub(r" V(\d+) N\d+", lambda match: f" V{int(match[1]) + 1} N1", header)
        for index in self.maildir(user).glob("dovecot.*index*"):
            index.unlink()
        uids.write_text(f"{new}\n")

    def _settle(self) -> None:
        """Write what Dovecot needs beside its port."""
        self._account, self._group = _account()
        for name in ("run", "mail"):
            (self._folder / name).mkdir()
        shutil.copy(self.authority.certificate, self._folder / "server.pem")
        shutil.copy(self.authority.key, self._folder / "server.key")
        self._greeting = f"ready {secrets.token_hex(8)}"
        passwords = {user: base64.b64encode(word.encode()).decode() for user, word in self.users.items()}
        lines = (f"{user.lower()}:{{PLAIN.b64}}{word}::::::\n" for user, word in passwords.items())
        (self._folder / "users").write_text("".join(lines), encoding="utf-8")
        for path in (self._folder, *self._folder.iterdir()):
            self._give(path)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, self._account, self._group)

    def _start(self) -> bool:
        """Whether Dovecot came up on its port."""
        settings = self._folder / "dovecot.conf"
        settings.write_text(
            DOVECOT.substitute(
                folder=self._folder,
                loopback=LOOPBACK,
                greeting=self._greeting,
                user=self._account,
                group=self._group,
                port=self.port,
            )
        )
        root = os.geteuid() == 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", UNTIL_UNWATCHED, _program(), str(settings)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
                user=self._account if root else None,
                group=self._group if root else None,
                extra_groups=[] if root else None,
            )
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last and self._process.poll() is None:
            if self._greets():
                return True
            time.sleep(0.01)
        self._stop()
        return False

    def _stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            raise

    def _greets(self) -> bool:
        """Whether it is this server that answers on the port."""
        context = self.authority.client_context()
        try:
            with (
                socket.create_connection((LOOPBACK, self.port), 5) as plain,
                context.wrap_socket(plain, server_hostname="localhost") as secure,
            ):
                return self._greeting.encode() in secure.recv(1000)
        except OSError:
            return False


def _program() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


def _account() -> tuple[str, str]:
    """User and group that Dovecot runs as: who runs the tests, but never root."""
    import grp
    import pwd

    me = pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("nobody")
    return me.pw_name, grp.getgrgid(me.pw_gid).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class _Service:
    """A server in a thread: `_listen` makes it, `_cut` ends its open connections."""

    port: int

    def __enter__(self) -> Self:
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE), "the server did not start"
        if self._failure:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the server did not stop"
        if self._failure:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        server = await self._listen()
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        await self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=1)

    async def _listen(self) -> asyncio.Server:
        raise NotImplementedError

    async def _cut(self) -> None:
        raise NotImplementedError


def _hang_up(connected: socket.socket) -> None:
    """End a connection below TLS; in Python 3.11.2 a transport that was closed twice cannot be aborted."""
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


class Accepted(NamedTuple):
    """A message that the SMTP server took upon itself, as it came."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message_id(self) -> str:
        """The header ``Message-ID``, with its angle brackets; empty if there is none."""
        return str(email.message_from_bytes(self.content).get("Message-ID", ""))


@dataclass(frozen=True)
class Troubles:
    """What goes wrong at the SMTP server, and at which command. The answers are those of real servers."""

    unknown: frozenset[str] = frozenset()
    """Recipients who do not exist."""
    full: frozenset[str] = frozenset()
    """Recipients whose mailboxes are full."""
    full_at: Literal["RCPT", "DATA"] = "RCPT"
    """After `DATA` the whole message is refused, whoever else it is for."""
    drop_in_data_after: int | None = None
    """The message (the first is 1) after whose text the connection is cut in place of an answer."""
    dropped: Literal["not delivered", "delivered"] = "not delivered"
    """What became of that message."""
    frequency_limit: int | None = None
    """How many messages are accepted before all others are refused."""
    frequency_at: Literal["MAIL", "DATA"] = "MAIL"


class _Session(SMTP):
    """One client of the SMTP server."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.socket = transport.get_extra_info("socket")
        self.lost = asyncio.Event()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.lost.set()


class SmtpServer(_Service):
    """An SMTP server for `users` (name: password) that hands each message on, once per recipient.

    TLS is from the start with ``"implicit"``, otherwise by STARTTLS; without it and without a login no
    message is accepted. `troubles` may be replaced at any time. `deliver` is called in the server's
    thread.
    """

    def __init__(
        self,
        authority: Authority,
        users: Mapping[str, str],
        deliver: Callable[[str, bytes], None],
        *,
        tls: Literal["starttls", "implicit"] = "starttls",
        troubles: Troubles | None = None,
    ) -> None:
        self.troubles = troubles or Troubles()
        self.accepted: list[Accepted] = []
        self.received: Counter[str] = Counter()
        """How many messages were delivered to each recipient."""
        self._context = authority.server_context()
        self._users = dict(users)
        self._deliver = deliver
        self._tls = tls
        self._sessions: list[_Session] = []
        self._texts = 0

    async def _listen(self) -> asyncio.Server:
        implicit = self._context if self._tls == "implicit" else None
        return await self._loop.create_server(self._session, LOOPBACK, 0, ssl=implicit)

    def _session(self) -> _Session:
        session = _Session(
            self,
            loop=self._loop,
            hostname="localhost",
            tls_context=self._context if self._tls == "starttls" else None,
            require_starttls=True,
            auth_require_tls=self._tls == "starttls",  # it takes implicit TLS for none
            authenticator=self._authenticate,
        )
        self._sessions.append(session)
        return session

    async def _cut(self) -> None:
        still_open = [session for session in self._sessions if session.transport]
        for session in still_open:
            _hang_up(session.socket)
        await asyncio.wait_for(asyncio.gather(*(session.lost.wait() for session in still_open)), PATIENCE)

    def _authenticate(self, _server: SMTP, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (
            self._users.get(data.login.decode()) == data.password.decode()
        )
        return AuthResult(success=good, handled=False)  # else a refusal would not be answered

    async def handle_MAIL(  # noqa: N802  # the name that aiosmtpd asks for
        self, _server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Answer to the sender."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self._is_limited("MAIL"):
            return "550 Connection frequency limited"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802  # the name that aiosmtpd asks for
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Answer to a recipient."""
        if address in self.troubles.unknown:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        if address in self.troubles.full and self.troubles.full_at == "RCPT":
            return f"452 4.2.2 <{address}>: Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # as above
        """Answer to the text of a message."""
        message = Accepted(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content)
        self._texts += 1
        if self._texts == self.troubles.drop_in_data_after:
            if self.troubles.dropped == "delivered":
                self._accept(message)
            server.transport.abort()
            await asyncio.Event().wait()  # until the lost connection cancels this
        if self._is_limited("DATA"):
            return "550 Connection frequency limited"
        if self.troubles.full.intersection(message.recipients):
            return "552 5.2.2 Mailbox full"
        self._accept(message)
        return "250 2.0.0 OK: queued"

    def _is_limited(self, command: str) -> bool:
        limit = self.troubles.frequency_limit
        return limit is not None and len(self.accepted) >= limit and self.troubles.frequency_at == command

    def _accept(self, message: Accepted) -> None:
        self.accepted.append(message)
        for recipient in message.recipients:
            trace = (
                f"Return-Path: <{message.sender}>\r\n"
                f"Received: from client.example by localhost with ESMTPSA id {len(self.accepted)}\r\n"
                f"\tfor <{recipient}>; {format_datetime(localtime())}\r\n"
            )
            self._deliver(recipient, trace.encode() + message.content)
            self.received[recipient] += 1


LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n$")
BODY_RESPONSE = re.compile(rb"^\* \d+ FETCH .*(BODY\[(?!HEADER)|RFC822 )", re.DOTALL)
SETS_SEEN = re.compile(r"BODY\[|RFC822(?!\.(HEADER|SIZE))")


@dataclass
class _Connection:
    """One client of the proxy, and the connection that the proxy has to Dovecot for it."""

    client: asyncio.StreamReader
    to_client: asyncio.StreamWriter
    dovecot: asyncio.StreamReader
    to_dovecot: asyncio.StreamWriter
    sockets: Sequence[socket.socket]
    logged_in: bool = False
    identified: bool = False
    go_ahead: asyncio.Future[bool] | None = None
    """Whether Dovecot wants the literal that the client has announced."""


class QuirkProxy(_Service):
    """Dovecot as Chinese providers would have it, with TLS from the start.

    No folder is opened before the client has sent ID after its login; no search has a CHARSET or TEXT.
    `sins` are the commands that change a mailbox or may: STORE, MOVE, EXPUNGE, SELECT, and a FETCH that
    sets ``\\Seen``. After `drop_after_fetches` messages (at least 1, in all connections) the
    connection is cut, before their command is finished; once, but it may be set anew.
    """

    def __init__(
        self, dovecot: Dovecot, authority: Authority, *, drop_after_fetches: int | None = None
    ) -> None:
        self.drop_after_fetches = drop_after_fetches
        self.sins: list[str] = []
        self._dovecot = dovecot
        self._authority = authority
        self._connections: list[_Connection] = []

    async def _listen(self) -> asyncio.Server:
        context = self._authority.server_context()
        return await asyncio.start_server(self._serve_client, LOOPBACK, 0, ssl=context, limit=2**22)

    async def _cut(self) -> None:
        for connection in self._connections:
            for connected in connection.sockets:
                _hang_up(connected)

    async def _serve_client(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        trust = self._dovecot.authority.client_context()
        try:
            dovecot, to_dovecot = await asyncio.open_connection(
                LOOPBACK, self._dovecot.port, ssl=trust, server_hostname="localhost", limit=2**22
            )
        except OSError:
            to_client.close()
            return
        sockets = [writer.get_extra_info("socket") for writer in (to_client, to_dovecot)]
        connection = _Connection(client, to_client, dovecot, to_dovecot, sockets)
        self._connections.append(connection)
        ways = {asyncio.ensure_future(way(connection)) for way in (self._commands, self._responses)}
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        to_client.close()
        to_dovecot.close()
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, to_client.wait_closed(), to_dovecot.wait_closed(), return_exceptions=True)
        self._connections.remove(connection)

    async def _commands(self, connection: _Connection) -> None:
        """Pass on what the client says, until it is silent for ever."""
        while line := await connection.client.readline():
            tag, _, command = line.decode(errors="replace").strip().partition(" ")
            refusal = self._refusal(connection, command)
            target = None if refusal else connection.to_dovecot
            await self._pass_command(connection, line, target)
            if refusal:
                connection.to_client.write(f"{tag} {refusal}\r\n".encode())
                await connection.to_client.drain()

    async def _pass_command(
        self, connection: _Connection, line: bytes, target: asyncio.StreamWriter | None
    ) -> None:
        """Pass a command on with its literals; without `target`, read only what comes unasked."""
        while True:
            literal = LITERAL.search(line)
            waits = literal is not None and not literal[2]
            connection.go_ahead = asyncio.get_running_loop().create_future() if waits and target else None
            if target:
                target.write(line)
                await target.drain()
            if literal is None or (waits and not (connection.go_ahead and await connection.go_ahead)):
                return
            content = await connection.client.readexactly(int(literal[1]))
            if target:
                target.write(content)
            line = await connection.client.readline()

    async def _responses(self, connection: _Connection) -> None:
        """Pass on what Dovecot says, until it is time to cut the connection."""
        while line := await connection.dovecot.readline():
            if connection.go_ahead and not line.startswith(b"* ") and not connection.go_ahead.done():
                connection.go_ahead.set_result(line.startswith(b"+"))
            said = line
            connection.to_client.write(line)
            while literal := LITERAL.search(line):
                connection.to_client.write(await connection.dovecot.readexactly(int(literal[1])))
                line = await connection.dovecot.readline()
                connection.to_client.write(line)
                said += line
            await connection.to_client.drain()
            if BODY_RESPONSE.match(said) and self._is_time_to_drop():
                return

    def _is_time_to_drop(self) -> bool:
        if self.drop_after_fetches is None:
            return False
        self.drop_after_fetches -= 1
        if self.drop_after_fetches > 0:
            return False
        self.drop_after_fetches = None
        return True

    def _refusal(self, connection: _Connection, command: str) -> str | None:
        """The provider's answer to a command that it does not like; notes what else is wrong with it."""
        words = command.upper().split()
        verb = words[words[0] == "UID" and len(words) > 1] if words else ""
        if verb in {"STORE", "MOVE", "EXPUNGE", "SELECT"} or (
            verb == "FETCH" and SETS_SEEN.search(command.upper())
        ):
            self.sins.append(command)
        if verb in {"LOGIN", "AUTHENTICATE"}:
            connection.logged_in, connection.identified = True, False
        if verb == "ID":
            connection.identified = connection.logged_in
        if verb in {"SELECT", "EXAMINE", "STATUS"} and not connection.identified:
            return f"NO {verb} Unsafe Login. Please contact kefu@188.com for help"
        if verb == "SEARCH" and {"CHARSET", "TEXT"}.intersection(words):
            return "BAD UID SEARCH invalid argument"
        return None
