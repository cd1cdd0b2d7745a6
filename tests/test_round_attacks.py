"""Bad mail and bad situations: each is said, and none stops what comes after it."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.mailing import Mail, address, attached, bounce, filled, filled_report, minutes
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.round.unpack import as_message

SLIP = {"t3.received.natural": 13}


def _collect(run: Run, place: Path, *contents: bytes, **more: Any) -> dict[str, Any]:
    """What the board says after these messages."""
    box = place.parent / f"box{len(list(place.parent.glob('box*')))}"
    box.mkdir()
    for number, content in enumerate(contents):
        (box / f"{number}.eml").write_bytes(content)
    done = run("collect", str(box), **more)
    assert done.returncode == 0, done.stderr
    content = json.loads(run("status", "--format", "json", "--on", "2026-01-10").stdout)
    return {"units": {unit["code"]: unit for unit in content["units"]}, "items": content["items"]}


def _good(place: Path, number: int = 1, minute: int = 5) -> bytes:
    content = filled(place / "workbooks" / f"2025-U{number:03d}-1.xlsx")
    return bytes(Mail(address(number), received=minutes(minute), attachments=[("年报.xlsx", content)]))


def test_a_message_with_odd_bytes_everywhere_stops_nothing(run: Run, place: Path) -> None:
    odd = b"\xff\xfe\xb2\xe2\x00\x80"
    bad = b"From: %s <%s@x.cn>\r\nMessage-ID: <%s>\r\nSubject: %s\r\nDate: %s\r\n\r\nx" % ((odd,) * 5)

    board = _collect(run, place, bad, _good(place))

    assert board["units"]["U001"]["status"] == "passed"


def test_file_names_in_another_code_page(run: Run, place: Path) -> None:
    box = place.parent / "unzipped"
    box.mkdir()
    name = "第1街道年报.eml".encode("gb18030")
    with open(os.fsencode(box) + b"/" + name, "wb") as stream:  # noqa: PTH123  # bytes
        stream.write(_good(place))

    assert run("collect", str(box)).returncode == 0
    assert "第1街道年报.eml" in run("history", "--format", "json").stdout


@pytest.mark.parametrize("year", ["0999", "1999", "2099", "9999"])
def test_a_time_that_cannot_be_is_none(run: Run, place: Path, year: str) -> None:
    content = _good(place).replace(b"Jan 2026 01:05:00 +0000", f"Jan {year} 01:05:00 +0000".encode(), 1)

    board = _collect(run, place, content, TZ="Asia/Shanghai")

    assert board["units"]["U001"]["status"] == "passed"
    assert not board["units"]["U001"]["current"]["received"].startswith(year)
    for command in ("history", "reply"):
        assert run(command, TZ="Asia/Shanghai").returncode == 0
    assert run("status", "--format", "html", TZ="Asia/Shanghai").returncode == 0


@pytest.mark.parametrize("agency", ["某市白河区财政局", "第5街道办"])
def test_a_name_that_is_not_the_unit_s_is_for_a_person(run: Run, place: Path, agency: str) -> None:
    report = filled_report(place / "workbooks" / "2025-U001-1.xlsx")
    cover = {name: text for name, text in report.cover.items() if name != "agency_code"}
    foreign = workbook_bytes(
        report.__class__(**{**vars(report), "agency": agency, "cover": cover, "issued": {}})
    )
    mail = bytes(Mail(address(1), received=minutes(5), attachments=[("年报.xlsx", foreign)]))

    board = _collect(run, place, mail)

    assert board["units"]["U001"]["status"] == "human"
    assert [item["reason"] for item in board["items"]] == ["ambiguous"]


@pytest.mark.parametrize(
    "before",
    [
        b"\xef\xbb\xbf",
        b">From x@y.cn Mon Jan  5 09:00:00 2026\r\n",
        b"From x@y.cn\r\n",
        b"\r\n" * 6,
        b"X-A : b\r\n",
    ],
)
def test_mail_is_recognised_whatever_was_put_before_it(run: Run, place: Path, before: bytes) -> None:
    assert _collect(run, place, before + _good(place))["units"]["U001"]["status"] == "passed"


def test_mail_with_long_headers_and_other_line_ends() -> None:
    start = b"X-Long: " + b"x" * 3_000 + b"\r\n" + b"X-More: y\r\n" * 1_000
    whole = start + b"Received: from a\r\nFrom: a@x.cn\r\n\r\nhello"

    assert as_message(whole) == whole
    assert as_message(whole.replace(b"\r\n", b"\r")) is not None
    for text in (b"", b"a,b\nc,d\n", b"note: this is a note\n\nFrom: nobody\n", b"PK\x03\x04From: x\n"):
        assert as_message(text) is None


def test_what_a_stranger_could_not_send_properly_is_shown_to_a_person(run: Run, place: Path) -> None:
    content = filled(place / "workbooks" / "2025-U001-1.xlsx")[:9_000]
    name = "示例市青河区第1街道办事处年报.xlsx"
    mail = bytes(Mail("wang@qq.com", received=minutes(5), attachments=[(name, content)]))
    link = Mail("li@qq.com", "示例市青河区第2街道办事处年报", "https://pan.baidu.com/s/1", minutes(6))

    board = _collect(run, place, mail, bytes(link))

    assert [
        (item["id"], item["reason"], item["candidates"]) for item in board["items"] if item["for_a_person"]
    ] == [
        ("P1", "corrupt", ["U001"]),
        ("M2", "link-only", ["U002"]),
    ]
    assert "草稿 0 封" in run("reply").stdout


def test_new_figures_in_an_automatic_reply_are_shown_to_a_person(run: Run, place: Path) -> None:
    content = filled(place / "workbooks" / "2025-U001-1.xlsx")
    known = filled(place / "workbooks" / "2025-U002-1.xlsx", SLIP)
    away = Mail(address(1), "自动回复:报送", received=minutes(6), attachments=[("年报.xlsx", content)])
    back = bounce("1@x", address(2), minutes(7))
    back.parts.append(attached("已知.xlsx", known))
    first = Mail(address(2), received=minutes(1), attachments=[("年报.xlsx", known)])

    board = _collect(run, place, bytes(first), bytes(away), bytes(back))

    people = [item for item in board["items"] if item["for_a_person"]]
    assert [(item["reason"], item["candidates"]) for item in people] == [("ambiguous", ["U001"])]
    assert run("assign", people[0]["id"], "U001").returncode == 0


def test_a_unit_that_comes_back_to_an_earlier_state_hears_of_it(run: Run, place: Path) -> None:
    content = filled(place / "workbooks" / "2025-U001-1.xlsx", SLIP)
    faulty = [Mail(address(1), received=minutes(n), attachments=[("a.xlsx", content)]) for n in (5, 15)]
    for mail in (bytes(faulty[0]), _good(place, minute=10), bytes(faulty[1])):
        _collect(run, place, mail)
        assert "草稿 1 封" in run("reply").stdout
        run("mark", "U001")
        assert "草稿 0 封" in run("reply").stdout
    subjects = [path.name for path in (place / "sent").glob("reply-*")]
    assert len(subjects) == 3


def test_a_draft_that_was_deleted_is_made_again(run: Run, place: Path) -> None:
    _collect(run, place, _good(place))
    run("reply")
    (draft,) = (place / "outbox").glob("reply-*")
    content = draft.read_bytes()
    draft.unlink()
    assert "草稿不在了" in run("send").stdout

    run("reply")

    assert draft.read_bytes().partition(b"Date:")[0] == content.partition(b"Date:")[0]


def test_a_workbook_that_was_kept_and_is_gone_hinders_only_its_own_answer(run: Run, place: Path) -> None:
    board = _collect(run, place, _good(place, 1), _good(place, 2))
    sha = board["units"]["U001"]["current"]["sha"]
    (place / "parts" / sha[:2] / sha).unlink()

    done = run("reply")

    assert (done.returncode, "第1街道" in done.stderr) == (2, True)
    assert "reply-U002" in done.stdout


def test_the_round_s_own_files_are_not_taken_in(run: Run, place: Path) -> None:
    os.mkfifo(place.parent / "pipe")
    (place.parent / "nowhere").symlink_to("gone")
    (place.parent / "good.eml").write_bytes(_good(place))
    (place.parent / "roster.csv").unlink()

    done = run("collect", ".")

    assert "新收 1 件" in done.stdout
    assert "nowhere" in done.stderr
    named = run("collect", "pipe")
    assert (named.returncode, "不是普通文件" in named.stderr) == (2, True)


def test_a_ledger_in_use_and_one_that_lacks_its_key_are_said(run: Run, place: Path) -> None:
    connection = sqlite3.connect(place / "ledger.sqlite", isolation_level=None)
    connection.execute("DELETE FROM meta WHERE name = 'key'")
    connection.close()

    done = run("status")

    assert (done.returncode, "不完整" in done.stderr) == (2, True)


def test_an_unclosed_quote_swallows_no_units(run: Run, place: Path) -> None:
    roster = '单位名称,单位代码,联系人,邮箱\n财政局,A1,"张三,a@x.cn\n教育局,A2,李,b@x.cn\n'
    (place.parent / "bad.csv").write_text(roster, encoding="utf-8")

    done = run("enrol", "--roster", str(place.parent / "bad.csv"))

    assert (done.returncode, "引号" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("财政局,A1,张三@x.cn,", "不是邮箱地址"),
        ("财政局,A1,a:b@x.cn,", "不是邮箱地址"),
        ("财政局,A1,a@x.cn,2026-01-311", "不是日期"),
        ("财政局,A1,a@x.cn,2026-01-20至2026-03-01", "不是日期"),
        ("示例市青河区第1街道办事处,A1,a@x.cn,", "代码不能改"),
    ],
)
def test_a_roster_that_would_lead_astray(run: Run, place: Path, row: str, words: str) -> None:
    (place.parent / "bad.csv").write_text(f"单位名称,单位代码,邮箱,截止日期\n{row}\n", encoding="utf-8")

    done = run("enrol", "--roster", str(place.parent / "bad.csv"))

    assert (done.returncode, words in done.stderr) == (2, True)


def test_a_code_in_other_letters_is_the_same_unit(run: Run, place: Path) -> None:
    (place.parent / "more.csv").write_text(
        "单位名称,单位代码,邮箱\n第1街道办,u001,new@x.cn\n", encoding="utf-8"
    )

    assert "新增 0,更新 1" in run("enrol", "--roster", str(place.parent / "more.csv")).stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("year = 2025", "year = 2024"),
        ("message_mib = 50", "message_mib = 99999999999999999999"),
        ("message_mib = 50", "message_mib = 0"),
        ("office@example.gov.cn", "x@例子.cn"),
        ("office@example.gov.cn>", "a@x.cn>, b@y.cn"),
        ('from = "公开办', 'from = "A\\r\\nBcc: evil@y.cn '),
        ('[imap]\nhost = ""', '[imap]\nhost = "例..cn"'),
        ("# [letter.issue]", '[letter.issue]\nsubject = "{agency:>999999999999}"\n#'),
        ("# [letter.issue]", '[letter.words]\nworkbook = "{due}"\n#'),
        ("# [letter.issue]", '[letter]\nissue = "x"\n#'),
    ],
)
def test_a_round_file_that_would_lead_astray(run: Run, place: Path, old: str, new: str) -> None:
    path = place / "round.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")

    done = run("status")

    assert (done.returncode, "round.toml" in done.stderr) == (2, True)


@pytest.mark.parametrize("item", ["P²", "M99999999999999999999999", "P0", "P", "Q1"])
def test_numbers_that_are_none(run: Run, place: Path, item: str) -> None:
    assert "没有这一件" in run("dismiss", item).stderr
    assert "没有这一件" in run("assign", item, "U001").stderr
