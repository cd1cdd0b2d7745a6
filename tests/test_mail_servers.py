"""The mail servers of the tests behave as real ones do, and each of their troubles shows itself."""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import localtime, parsedate_to_datetime
from pathlib import Path
from typing import Literal

import pytest

from tests.mail_servers import Authority, Dovecot, QuirkProxy, SmtpServer, Troubles

pytestmark = pytest.mark.mail

OFFICE = "Office@example.gov.cn"
ORGAN = "organ@example.gov.cn"
USERS = {OFFICE: "a:code 1", ORGAN: "secret"}
RECEIVED = "&XfJlNg-"
"""The folder 已收."""
Tls = Literal["starttls", "implicit"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def dovecot(tmp_path: Path, authority: Authority) -> Iterator[Dovecot]:
    with Dovecot(tmp_path, authority, USERS) as server:
        yield server


def _imap(port: int, authority: Authority) -> imaplib.IMAP4_SSL:
    client = imaplib.IMAP4_SSL("localhost", port, ssl_context=authority.client_context(), timeout=10)
    client.login(f'"{OFFICE}"', USERS[OFFICE])
    return client


def _smtp(server: SmtpServer, authority: Authority, tls: Tls = "starttls") -> smtplib.SMTP:
    context = authority.client_context()
    if tls == "implicit":
        return smtplib.SMTP_SSL("localhost", server.port, "client.example", timeout=10, context=context)
    client = smtplib.SMTP("localhost", server.port, "client.example", timeout=10)
    try:
        client.starttls(context=context)
    except ssl.SSLError:
        client.close()
        raise
    return client


def _message(number: int = 1, *to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = ORGAN, ", ".join(to or (OFFICE,))
    message["Subject"], message["Message-ID"] = "年报", f"<{number}@example.gov.cn>"
    message.set_content("已填报\n")
    return message


def _send(server: SmtpServer, authority: Authority, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
    with _smtp(server, authority) as client:
        client.login(ORGAN, USERS[ORGAN])
        return client.send_message(message)


def _uidvalidity(client: imaplib.IMAP4_SSL) -> int:
    found = re.search(r"UIDVALIDITY (\d+)", str(client.status("INBOX", "(UIDVALIDITY)")))
    assert found
    return int(found[1])


def _uids(client: imaplib.IMAP4_SSL) -> bytes:
    client.select("INBOX", readonly=True)
    return bytes(client.uid("SEARCH", "UID", "1:*")[1][0])


def _identify(client: imaplib.IMAP4_SSL) -> None:
    imaplib.Commands.setdefault("ID", ("AUTH", "SELECTED"))
    client._simple_command("ID", '("name" "test")')  # noqa: SLF001  # there is no other way


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_message_sent_is_fetched(dovecot: Dovecot, authority: Authority, tls: Tls) -> None:
    with SmtpServer(authority, USERS, dovecot.deliver, tls=tls) as server:
        with _smtp(server, authority, tls) as client:
            client.login(ORGAN, USERS[ORGAN])
            assert client.send_message(_message()) == {}
        (accepted,) = server.accepted
        assert (accepted.sender, accepted.recipients) == (ORGAN, (OFFICE,))
        assert accepted.message_id == "<1@example.gov.cn>"
        assert server.received == {OFFICE: 1}

    with _imap(dovecot.port, authority) as client:
        assert _uids(client) == b"1"
        fetched = client.uid("FETCH", "1", "(BODY.PEEK[])")[1][0]
    assert isinstance(fetched, tuple)
    head = fetched[1].removesuffix(accepted.content).decode()
    assert head.startswith(f"Return-Path: <{ORGAN}>\r\nReceived: from ")
    age = localtime() - parsedate_to_datetime(head.rpartition(";")[2].strip())
    assert abs(age.total_seconds()) < 60


def test_nobody_trusts_an_unknown_authority(tmp_path: Path, dovecot: Dovecot, authority: Authority) -> None:
    unknown = Authority(tmp_path / "unknown")
    with (
        SmtpServer(authority, USERS, dovecot.deliver) as plain,
        SmtpServer(authority, USERS, dovecot.deliver, tls="implicit") as secure,
        QuirkProxy(dovecot, authority) as proxy,
    ):
        for port in dovecot.port, proxy.port:
            with pytest.raises(ssl.SSLCertVerificationError):
                _imap(port, unknown)
        with pytest.raises(ssl.SSLCertVerificationError):
            _smtp(plain, unknown)
        with pytest.raises(ssl.SSLCertVerificationError):
            _smtp(secure, unknown, "implicit")
        assert _send(plain, authority, _message()) == {}


def test_a_wrong_password_opens_nothing(dovecot: Dovecot, authority: Authority) -> None:
    with SmtpServer(authority, USERS, dovecot.deliver) as server, _smtp(server, authority) as client:
        with pytest.raises(smtplib.SMTPSenderRefused) as none:
            client.send_message(_message())
        assert none.value.smtp_code == 530
        with pytest.raises(smtplib.SMTPAuthenticationError) as wrong:
            client.login(ORGAN, "wrong")
        assert wrong.value.smtp_code == 535
        assert server.accepted == []
    mailbox = imaplib.IMAP4_SSL("localhost", dovecot.port, ssl_context=authority.client_context())
    with mailbox, pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        mailbox.login(ORGAN, "wrong")


def test_the_inbox_is_a_maildir_in_order_of_delivery(dovecot: Dovecot, authority: Authority) -> None:
    received = datetime(2025, 1, 31, 23, 59, tzinfo=UTC)
    for number in range(12):
        dovecot.deliver(OFFICE, _message(number).as_bytes(), received)
    assert len(list((dovecot.maildir(OFFICE) / "new").iterdir())) == 12

    with _imap(dovecot.port, authority) as client:
        client.select("INBOX", readonly=True)
        answers = client.uid("FETCH", "1:*", "(INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
        assert client.create(RECEIVED)[0] == "OK"
        assert RECEIVED in str(client.list())
    ids = [answer[1].split(b"<")[1].split(b"@")[0] for answer in answers if isinstance(answer, tuple)]
    assert ids == [str(number).encode() for number in range(12)]
    told = answers[0][0]
    assert isinstance(told, bytes)
    date = imaplib.Internaldate2tuple(told)
    assert date
    assert localtime(received).timetuple()[:5] == date[:5]


def test_messages_are_numbered_anew(dovecot: Dovecot, authority: Authority) -> None:
    for number in range(3):
        dovecot.deliver(OFFICE, _message(number).as_bytes())
    with _imap(dovecot.port, authority) as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "\\Deleted")
        client.expunge()
        assert _uids(client) == b"2 3"
        old = _uidvalidity(client)

    dovecot.change_uidvalidity(OFFICE)

    with _imap(dovecot.port, authority) as client:
        assert _uidvalidity(client) > old
        assert _uids(client) == b"1 2"


def test_an_unknown_recipient_is_refused_and_the_others_are_not(
    dovecot: Dovecot, authority: Authority
) -> None:
    troubles = Troubles(unknown=frozenset({"gone@example.gov.cn"}), full=frozenset({"full@example.gov.cn"}))
    message = _message(1, OFFICE, "gone@example.gov.cn", "full@example.gov.cn", "new@example.gov.cn")
    with SmtpServer(authority, USERS, dovecot.deliver, troubles=troubles) as server:
        refused = _send(server, authority, message)

        assert {address: code for address, (code, _) in refused.items()} == {
            "gone@example.gov.cn": 550,
            "full@example.gov.cn": 452,
        }
        assert b"5.1.1" in refused["gone@example.gov.cn"][1]
        assert server.received == {OFFICE: 1, "new@example.gov.cn": 1}
        assert len(list((dovecot.maildir("new@example.gov.cn") / "new").iterdir())) == 1


def test_a_full_mailbox_may_be_told_late(dovecot: Dovecot, authority: Authority) -> None:
    troubles = Troubles(full=frozenset({OFFICE}), full_at="DATA")
    with SmtpServer(authority, USERS, dovecot.deliver, troubles=troubles) as server:
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            _send(server, authority, _message())
        assert refusal.value.smtp_code == 552
        assert server.accepted == []
        server.troubles = Troubles()
        _send(server, authority, _message())
        assert server.received == {OFFICE: 1}


@pytest.mark.parametrize(("dropped", "arrived"), [("not delivered", "1 3"), ("delivered", "1 2 3")])
def test_the_connection_is_cut_in_place_of_an_answer(
    dovecot: Dovecot,
    authority: Authority,
    dropped: Literal["not delivered", "delivered"],
    arrived: str,
) -> None:
    troubles = Troubles(drop_in_data_after=2, dropped=dropped)
    with SmtpServer(authority, USERS, dovecot.deliver, troubles=troubles) as server:
        _send(server, authority, _message(1))
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            _send(server, authority, _message(2))
        _send(server, authority, _message(3))

        assert [accepted.message_id[1:2] for accepted in server.accepted] == arrived.split()
        assert server.received == {OFFICE: len(arrived.split())}


@pytest.mark.parametrize(
    ("command", "error"), [("MAIL", smtplib.SMTPSenderRefused), ("DATA", smtplib.SMTPDataError)]
)
def test_too_many_messages_are_refused(
    dovecot: Dovecot,
    authority: Authority,
    command: Literal["MAIL", "DATA"],
    error: type[smtplib.SMTPResponseException],
) -> None:
    troubles = Troubles(frequency_limit=2, frequency_at=command)
    with SmtpServer(authority, USERS, dovecot.deliver, troubles=troubles) as server:
        _send(server, authority, _message(1))
        _send(server, authority, _message(2))
        with pytest.raises(error) as refusal:
            _send(server, authority, _message(3))
        assert refusal.value.smtp_code == 550
        assert refusal.value.smtp_error == b"Connection frequency limited"
        assert len(server.accepted) == 2


def test_the_proxy_opens_no_folder_before_it_knows_the_program(
    dovecot: Dovecot, authority: Authority
) -> None:
    with QuirkProxy(dovecot, authority) as proxy, _imap(proxy.port, authority) as client:
        answer, (told,) = client.select("INBOX", readonly=True)
        assert (answer, told) == ("NO", b"EXAMINE Unsafe Login. Please contact kefu@188.com for help")
        assert client.status("INBOX", "(MESSAGES)")[0] == "NO"
        _identify(client)
        assert client.select("INBOX", readonly=True)[0] == "OK"
        assert client.status("INBOX", "(MESSAGES)")[0] == "OK"


def test_the_proxy_notes_what_would_change_a_mailbox(dovecot: Dovecot, authority: Authority) -> None:
    dovecot.deliver(OFFICE, _message().as_bytes())
    with QuirkProxy(dovecot, authority) as proxy, _imap(proxy.port, authority) as client:
        _identify(client)
        client.select("INBOX", readonly=True)
        client.uid("FETCH", "1", "(RFC822.SIZE BODY.PEEK[])")
        assert proxy.sins == []
        client.select("INBOX")
        client.uid("FETCH", "1", "(BODY[])")
        client.uid("STORE", "1", "+FLAGS", "\\Deleted")
        client.expunge()
        assert [sin.split(" INBOX")[0].upper() for sin in proxy.sins] == [
            "SELECT",
            "UID FETCH 1 (BODY[])",
            "UID STORE 1 +FLAGS \\DELETED",
            "EXPUNGE",
        ]


def test_the_proxy_does_not_search_texts_and_passes_literals_on(
    dovecot: Dovecot, authority: Authority
) -> None:
    raw = b"Subject: x\r\n\r\na1 SEARCH TEXT x\r\n"
    with QuirkProxy(dovecot, authority) as proxy, _imap(proxy.port, authority) as client:
        _identify(client)
        assert client.append("INBOX", "", "", raw)[0] == "OK"
        assert client.append("missing", "", "", raw)[0] == "NO"
        client.select("INBOX", readonly=True)
        for criteria in ("CHARSET", "UTF-8", "ALL"), ("TEXT", "x"):
            with pytest.raises(imaplib.IMAP4.error, match="invalid argument"):
                client.uid("SEARCH", *criteria)
        client.literal = "年".encode()  # type: ignore[assignment]  # typeshed says text
        with pytest.raises(imaplib.IMAP4.error, match="invalid argument"):
            client.uid("SEARCH", "CHARSET", "UTF-8", "SUBJECT")
        assert client.uid("SEARCH", "UID", "1:*")[1] == [b"1"]
        answer = client.uid("FETCH", "1", "(BODY.PEEK[])")[1][0]
        assert isinstance(answer, tuple)
        assert answer[1] == raw


def test_the_proxy_cuts_the_connection_once(dovecot: Dovecot, authority: Authority) -> None:
    for number in range(5):
        dovecot.deliver(OFFICE, _message(number).as_bytes())
    with QuirkProxy(dovecot, authority, drop_after_fetches=3) as proxy:
        client = _imap(proxy.port, authority)
        _identify(client)
        assert _uids(client) == b"1 2 3 4 5"
        client.uid("FETCH", "1:5", "(BODY.PEEK[HEADER])")
        client.uid("FETCH", "1:2", "(BODY.PEEK[])")
        with pytest.raises(imaplib.IMAP4.abort):
            client.uid("FETCH", "3:5", "(BODY.PEEK[])")
        assert len(client.untagged_responses["FETCH"]) == 2, "one body, in two parts"
        client.shutdown()

        with _imap(proxy.port, authority) as again:
            _identify(again)
            _uids(again)
            answers = again.uid("FETCH", "1:5", "(BODY.PEEK[])")[1]
            assert len([answer for answer in answers if isinstance(answer, tuple)]) == 5


def test_nothing_is_left_of_a_server_that_a_failure_ends(tmp_path: Path, authority: Authority) -> None:
    with (  # noqa: PT012  # what fails is inside
        pytest.raises(ZeroDivisionError),
        Dovecot(tmp_path, authority, USERS) as dovecot,
        SmtpServer(authority, USERS, dovecot.deliver) as server,
        QuirkProxy(dovecot, authority) as proxy,
    ):
        mailbox, post = _imap(proxy.port, authority), _smtp(server, authority)
        1 / 0  # noqa: B018  # the failure
    mailbox.shutdown()
    post.close()

    assert not dovecot.maildir(OFFICE).parent.exists()
    for port in dovecot.port, server.port, proxy.port:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 1)
