"""The whole round against real servers: Dovecot behind a provider's quirks, SMTP with its troubles."""

from __future__ import annotations

import base64
import email
import email.policy
import imaplib
import json
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests import office
from tests.conftest import WbTool
from tests.editing import sample_report
from tests.mail_servers import Authority, Dovecot, QuirkProxy, SmtpServer, Troubles
from tests.mailing import OFFICE, XLSX, Mail, address, minutes, roster_csv
from tests.texts import WITHOUT_FIGURES
from workbook_tool.sources import open_report

pytestmark = pytest.mark.mail

UNITS = range(1, 5)
PASSWORD = "code-of-sixteen"  # noqa: S105  # of servers that live in these tests


@dataclass
class Post:
    """The servers, the round, and the command with what it needs to reach them."""

    run: WbTool
    folder: Path
    authority: Authority
    dovecot: Dovecot
    smtp: SmtpServer
    imap_port: int = 0
    extra: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, **environment: str) -> Any:
        """The result of ``wb-tool round …`` in the round's folder."""
        needs_servers = arguments[0] in ("send", "fetch")
        more = ["--cafile", str(self.authority.cafile)] if needs_servers else []
        chosen = {"WB_TOOL_ROUND": str(self.folder), "WB_TOOL_MAIL_PASSWORD": PASSWORD, **environment}
        done = self.run("round", *arguments, *more, folder=None, stdin=b"", **chosen)
        assert PASSWORD not in done.stdout + done.stderr
        return done

    def settle_in(self, imap_port: int) -> None:
        """Write the servers into the round file."""
        path = self.folder / "round.toml"
        text = path.read_text(encoding="utf-8")
        text = text.replace('from = ""', f'from = "青河区政务公开办 <{OFFICE}>"')
        text = text.replace('host = ""\nport = 465', f'host = "localhost"\nport = {self.smtp.port}')
        text = text.replace('security = "tls"', 'security = "starttls"')
        text = text.replace('host = ""\nport = 993', f'host = "localhost"\nport = {imap_port}')
        text = text.replace("per_minute = 8", "per_minute = 100000")
        path.write_text(text, encoding="utf-8")

    def board(self, on: str = "2026-01-10") -> dict[str, dict[str, Any]]:
        """Every unit's entry on the board."""
        content = json.loads(self("status", "--format", "json", "--on", on).stdout)
        return {unit["code"]: unit for unit in content["units"]}

    def mail_of(self, user: str) -> list[EmailMessage]:
        """What lies in a user's mailbox, read by the standard library as staff's programs would."""
        with imaplib.IMAP4_SSL(
            "localhost", self.dovecot.port, ssl_context=self.authority.client_context()
        ) as box:
            box.login(user, PASSWORD)
            box.select("INBOX", readonly=True)
            numbers = box.search(None, "ALL")[1][0].split()
            raw = [box.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1] for number in numbers]  # type: ignore[index]
        return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]  # type: ignore[arg-type]

    def write(self, sender: str, message: EmailMessage) -> None:
        """Send a message as staff do."""
        message["From"], message["To"] = sender, OFFICE
        with smtplib.SMTP("localhost", self.smtp.port) as server:
            server.starttls(context=self.authority.client_context())
            server.login(sender, PASSWORD)
            server.send_message(message)


@pytest.fixture
def post(wb_tool: WbTool, tmp_path: Path) -> Iterator[Post]:
    """A round of four units with the servers running; nothing issued yet."""
    authority = Authority(tmp_path / "tls")
    users = dict.fromkeys([OFFICE, *map(address, UNITS)], PASSWORD)
    roster = roster_csv(UNITS).replace("乡镇政府、街道办事处", "其他单位")
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    assert wb_tool("round", "init", "r", "--year", "2025", "--roster", "roster.csv").returncode == 0
    with (
        Dovecot(tmp_path, authority, users) as dovecot,
        SmtpServer(authority, users, dovecot.deliver) as smtp,
    ):
        made = Post(wb_tool, tmp_path / "r", authority, dovecot, smtp)
        made.settle_in(dovecot.port)
        yield made


def _typed_in(source: Path, target: Path, figures: dict[str, int]) -> bytes:
    """The workbook filled in and saved by LibreOffice."""
    blank = open_report(source).report
    assert blank is not None
    sample = sample_report()
    entries: dict[str, dict[str, object]] = {}
    for cell in blank.form.cells.values():
        place = blank.places[cell]
        if not cell.is_total and place.sheet and place.cell:
            value = figures.get(cell.id, sample.values[cell])
            entries.setdefault(place.sheet, {})[place.cell] = int(value or 0)
    for section, text in WITHOUT_FIGURES.items():
        first = "B5" if section == "s1" else "B4"  # the opening stands above section 1
        entries[blank.form.section(section).tab] = {first: text}
    office.work(source, entries=entries, save=target)
    return target.read_bytes()


def _workbook_in(message: EmailMessage) -> tuple[str, bytes]:
    (part,) = message.iter_attachments()
    return part.get_filename() or "", part.get_content()


def _reply(to: EmailMessage, content: bytes) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"回复:{to['Subject']}"
    message["In-Reply-To"] = to["Message-ID"]
    message.set_content("填好了,见附件。")
    message.add_attachment(content, *XLSX.split("/"), filename="填好的.xlsx")
    return message


@pytest.mark.office
def test_the_whole_round(post: Post, tmp_path: Path) -> None:
    letters = _issued_and_sent(post)
    _filled_in_by_staff(post, letters, tmp_path)
    with QuirkProxy(post.dovecot, post.authority, drop_after_fetches=2) as proxy:
        path = post.folder / "round.toml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"port = {post.dovecot.port}", f"port = {proxy.port}"), encoding="utf-8")
        _fetched_in_spite_of_quirks(post)
        _answered_and_mended(post, letters[2], tmp_path)
        assert proxy.sins == []
    _accepted_and_chased(post)


def _issued_and_sent(post: Post) -> dict[int, EmailMessage]:
    """What each unit finds in its mailbox."""
    assert post("issue").returncode == 0
    assert "只是列出" in post("send").stdout
    assert not post.smtp.accepted
    sent = post("send", "--send", "--yes", "4")
    assert sent.returncode == 0, sent.stderr
    assert {unit["status"] for unit in post.board().values()} == {"issued"}
    assert "待发 0 封" in post("send", "--send", "--yes", "0").stdout
    letters = {number: post.mail_of(address(number)) for number in UNITS}
    assert [len(found) for found in letters.values()] == [1, 1, 1, 1]
    return {number: found[0] for number, found in letters.items()}


def _filled_in_by_staff(post: Post, letters: dict[int, EmailMessage], folder: Path) -> None:
    """One fills it in well, one with a slip, one is away, one gives no sign of life."""
    for number, figures in ((1, {}), (2, {"t3.received.natural": 13})):
        letter = letters[number]
        name, content = _workbook_in(letter)
        assert name == f"2025年度政府信息公开年报-示例市青河区第{number}街道办事处.xlsx"
        assert letter["Auto-Submitted"] == "auto-generated"
        assert "X-Unsent" not in letter
        (folder / "got.xlsx").write_bytes(content)
        done = _typed_in(folder / "got.xlsx", folder / "done.xlsx", figures)
        post.write(address(number), _reply(letter, done))
    away = EmailMessage()
    away["Subject"], away["Auto-Submitted"] = "自动回复", "auto-replied"
    away.set_content("休假中。")
    post.write(address(3), away)


def _fetched_in_spite_of_quirks(post: Post) -> None:
    broken = post("fetch")
    assert broken.returncode == 2
    assert "再运行一次" in broken.stderr
    got = post("fetch")
    assert got.returncode == 0, got.stderr
    assert "工作簿 2 份" in got.stdout
    assert "新邮件 0 封" in post("fetch").stdout
    post.dovecot.change_uidvalidity(OFFICE)
    again = post("fetch").stdout
    assert ("新邮件 3 封" in again, "新收 0 件" in again) == (True, True)
    statuses = {code: unit["status"] for code, unit in post.board().items()}
    assert statuses == {"U001": "passed", "U002": "returned", "U003": "issued", "U004": "issued"}


def _answered_and_mended(post: Post, first: EmailMessage, folder: Path) -> None:
    """The answers arrive; the faulty one is mended in the marked workbook and sent back."""
    assert post("reply", "--on", "2026-01-10").returncode == 0
    assert post("send", "--send", "--yes", "2").returncode == 0
    passed, returned = post.mail_of(address(1))[-1], post.mail_of(address(2))[-1]
    assert "已通过审核" in passed["Subject"]
    assert "需要修改" in returned["Subject"]
    assert returned["References"].split()[0] == first["Message-ID"]
    name, content = _workbook_in(returned)
    assert name.endswith("-请修改.xlsx")
    (folder / "marked.xlsx").write_bytes(content)
    post.write(address(2), _reply(returned, _typed_in(folder / "marked.xlsx", folder / "mended.xlsx", {})))
    assert "工作簿 1 份" in post("fetch").stdout


def _accepted_and_chased(post: Post) -> None:
    assert "共 2 个单位" in post("accept", "--passed", "--by", "主任").stdout
    assert "草稿 0 封" in post("remind", "--on", "2026-01-10").stdout
    assert "草稿 2 封" in post("remind", "--on", "2026-02-03").stdout
    assert "草稿 0 封" in post("remind", "--on", "2026-02-03").stdout
    post("send", "--send", "--yes", "2")
    assert "逾期 3 天" in post.mail_of(address(4))[-1]["Subject"]
    late = post.board("2026-02-03")
    assert {code: (unit["status"], unit["days_late"]) for code, unit in late.items()} == {
        "U001": ("accepted", 0),
        "U002": ("accepted", 0),
        "U003": ("overdue", 3),
        "U004": ("overdue", 3),
    }
    assert "主任  接受  U002" in post("history", "U002").stdout


def test_an_unknown_authority_and_a_wrong_password_change_nothing(post: Post, tmp_path: Path) -> None:
    post("issue")
    other = Authority(tmp_path / "other")
    for command in (["send", "--send", "--yes", "4"], ["fetch"]):
        stranger = post.run(
            "round", *command, "-r", "r", "--cafile", str(other.cafile), WB_TOOL_MAIL_PASSWORD=PASSWORD
        )
        assert (stranger.returncode, "证书不可信" in stranger.stderr) == (2, True)
        system = post.run("round", *command, "-r", "r", WB_TOOL_MAIL_PASSWORD=PASSWORD)
        assert (system.returncode, "证书不可信" in system.stderr) == (2, True)
        wrong = post(*command, WB_TOOL_MAIL_PASSWORD="wrong")
        assert (wrong.returncode, "授权码不对" in wrong.stderr) == (2, True)
        without = post(
            *command, WB_TOOL_MAIL_PASSWORD="", PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring"
        )
        assert (without.returncode, "没有授权码" in without.stderr) == (2, True)
    assert post.smtp.accepted == []
    assert {letter["status"] for unit in post.board().values() for letter in unit["letters"]} == {"drafted"}


def _letter(post: Post, code: str) -> dict[str, Any]:
    return dict(post.board()[code]["letters"][0])


def test_an_unknown_recipient_is_a_bounce_and_the_others_get_their_letters(post: Post) -> None:
    post("issue")
    post.smtp.troubles = Troubles(unknown=frozenset({address(2)}))

    done = post("send", "--send", "--yes", "4")

    assert done.returncode == 0
    assert "被拒 (refused)  issue-U002-1.eml" in done.stdout
    assert "550" in _letter(post, "U002")["words"]
    assert [unit["status"] for unit in post.board().values()] == ["issued", "bounced", "issued", "issued"]
    post.smtp.troubles = Troubles()
    assert "待发 0 封" in post("send", "--send", "--yes", "0").stdout
    assert "1 封改为待发" in post("mark", "U002", "--unsent").stdout
    assert post("send", "--send", "--yes", "1").returncode == 0
    assert post.smtp.received[address(2)] == 1


def test_a_recipient_refused_beside_another_is_told(post: Post, tmp_path: Path) -> None:
    roster = roster_csv(UNITS).replace(address(1), f"{address(1)};gone@example.gov.cn")
    (tmp_path / "more.csv").write_text(roster, encoding="utf-8")
    assert post("enrol", "--roster", str(tmp_path / "more.csv")).returncode == 0
    post("issue", "U001")
    post.smtp.troubles = Troubles(unknown=frozenset({"gone@example.gov.cn"}))

    done = post("send", "--send", "--yes", "1")

    assert done.returncode == 0
    assert (_letter(post, "U001")["status"], "gone@" in _letter(post, "U001")["words"]) == ("sent", True)
    assert "部分收件人被拒" in post("status").stdout
    assert post.smtp.received[address(1)] == 1


@pytest.mark.parametrize(("at", "status", "words"), [("RCPT", "drafted", "452"), ("DATA", "refused", "552")])
def test_a_full_mailbox_puts_a_letter_off_or_refuses_it(post: Post, at: Any, status: str, words: str) -> None:
    post("issue")
    post.smtp.troubles = Troubles(full=frozenset({address(2)}), full_at=at)

    done = post("send", "--send", "--yes", "4")

    assert done.returncode == 0
    assert (_letter(post, "U002")["status"], words in _letter(post, "U002")["words"]) == (status, True)
    assert post.smtp.received[address(3)] == 1


@pytest.mark.parametrize("dropped", ["not delivered", "delivered"])
def test_a_connection_lost_in_data_leaves_one_letter_in_doubt(post: Post, dropped: Any) -> None:
    post("issue")
    post.smtp.troubles = Troubles(drop_in_data_after=2, dropped=dropped)

    broken = post("send", "--send", "--yes", "4")

    assert broken.returncode == 2
    assert "issue-U002-1.eml 发送中连接中断" in broken.stderr
    assert [_letter(post, f"U00{n}")["status"] for n in UNITS] == ["sent", "unknown", "drafted", "drafted"]
    rest = post("send", "--send", "--yes", "2")
    assert rest.returncode == 0
    assert "发出与否不明" in rest.stderr
    assert post.smtp.received[address(2)] == (1 if dropped == "delivered" else 0)
    assert post("mark", "U002", "--sent" if dropped == "delivered" else "--unsent").returncode == 0
    assert ("待发 1 封" in post("send").stdout) == (dropped == "not delivered")


@pytest.mark.parametrize("at", ["MAIL", "DATA"])
def test_a_server_that_wants_fewer_letters_stops_the_run(post: Post, at: Any) -> None:
    post("issue")
    post.smtp.troubles = Troubles(frequency_limit=2, frequency_at=at)

    stopped = post("send", "--send", "--yes", "4")

    assert stopped.returncode == 2
    assert "服务器暂时不收" in stopped.stderr
    assert [_letter(post, f"U00{n}")["status"] for n in UNITS] == ["sent", "sent", "drafted", "drafted"]
    post.smtp.troubles = Troubles()
    assert post("send", "--send", "--yes", "2").returncode == 0
    assert max(post.smtp.received.values()) == 1


def test_a_day_has_its_limit(post: Post) -> None:
    path = post.folder / "round.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("per_day = 100", "per_day = 3"), encoding="utf-8"
    )
    post("issue")

    assert post("send", "--send", "--yes", "4").returncode == 2
    assert post("send", "--send", "--yes", "3").returncode == 0
    after = post("send", "--send", "--yes", "1")

    assert (after.returncode, len(post.smtp.accepted)) == (0, 3)
    assert "今天还能发 0 封" in after.stderr


def test_a_folder_with_a_chinese_name_and_a_message_too_large(post: Post) -> None:
    encoded = (
        "&" + base64.b64encode("年报报送".encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
    )
    path = post.folder / "round.toml"
    text = path.read_text(encoding="utf-8").replace("message_mib = 50", "message_mib = 1")
    path.write_text(text.replace('folder = "INBOX"', 'folder = "年报报送"'), encoding="utf-8")
    with imaplib.IMAP4_SSL(
        "localhost", post.dovecot.port, ssl_context=post.authority.client_context()
    ) as box:
        box.login(OFFICE, PASSWORD)
        box.create(encoded)
        large = Mail(address(1), "太大", received=minutes(1), attachments=[("表.xlsx", b"0" * 2_000_000)])
        box.append(encoded, "", "", bytes(large))

    done = post("fetch")

    assert done.returncode == 0, done.stderr
    assert "文件异常，拒绝打开 1" in done.stdout
    items = json.loads(post("status", "--format", "json").stdout)["items"]
    assert [(item["subject"], item["why"]) for item in items] == [("太大", "邮件太大")]
    assert sum(file.stat().st_size for file in (post.folder / "raw").rglob("*") if file.is_file()) < 10_000
