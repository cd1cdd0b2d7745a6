"""The commands of a round, one after another, without a mail server: folders in, drafts out."""

from __future__ import annotations

import email
import email.policy
import json
import shutil
import sqlite3
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import mailparser
import openpyxl
import pytest

from tests.conftest import Run, WbTool
from tests.mailing import Mail, address, filled, filled_report, minutes, nested, roster_csv, zipped
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.round.reasons import reasons
from workbook_tool.round.settings import round_data
from workbook_tool.sources import open_report, read_report

SLIP = {"t3.received.natural": 13}
UNITS = range(1, 5)


def _issued(place: Path, number: int) -> Path:
    return place / "workbooks" / f"2025-U{number:03d}-1.xlsx"


def _put(place: Path, name: str, mail: Mail) -> str:
    path = place.parent / f"{name}.eml"
    path.write_bytes(bytes(mail))
    return str(path)


def _report(place: Path, number: int, minute: int, figures: dict[str, int] | None = None) -> Mail:
    content = filled(_issued(place, number), figures)
    return Mail(address(number), received=minutes(minute), attachments=[("年报.xlsx", content)])


def _board(run: Run, on: str = "2026-01-10") -> dict[str, dict[str, Any]]:
    content = json.loads(run("status", "--format", "json", "--on", on).stdout)
    return {unit["code"]: unit for unit in content["units"]}


def _draft(place: Path, pattern: str) -> EmailMessage:
    (path,) = (place / "outbox").glob(pattern)
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _text(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content())


# Setting up


def test_every_fault_of_a_roster_is_told_at_once_with_its_row(wb_tool: WbTool, tmp_path: Path) -> None:
    rows = [
        "全区公开办花名册",
        "单位名称,统一社会信用代码,层级,联系人,电子邮箱,报送截止",
        "财政局,A1,县级政府部门,甲,a@x.cn,2026-01-20",
        ",A2,县级政府部门,乙,b@x.cn,2026-01-20",
        "教育局,a1,县级政府部门,丙,c@x.cn,2026年1月20日",
        "卫健局,../x,县级政府部门,丁,d@x.cn,2026/1/20",
        "民政局,A5,局,戊,不是邮箱,下周五",
    ]
    (tmp_path / "bad.csv").write_bytes("\r\n".join(rows).encode("gb18030"))

    done = wb_tool("round", "init", "r", "--year", "2025", "--roster", "bad.csv")

    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert "有 6 处要改" in lines[0]
    starts = [line.partition(":")[0] for line in lines[1:]]
    assert [start.split()[1] for start in starts] == ["4", "5", "6", "7", "7", "7"]
    assert not (tmp_path / "r").exists()


def test_a_roster_may_be_a_workbook_and_its_doubts_are_said(wb_tool: WbTool, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["单位名称", "单位代码", "邮箱", "截止日期"])
    sheet.append(["财政局", 1001, "a@x.cn；b@x.cn", None])
    sheet.append(["教育局", "11330100MB0000001X", None, None])
    book.save(tmp_path / "roster.xlsx")

    done = wb_tool("round", "init", "r", "--year", "2025", "--roster", "roster.xlsx")

    assert done.returncode == 0, done.stderr
    assert "校验位不对" in done.stderr
    assert "没有邮箱" in done.stderr
    units = json.loads(wb_tool("round", "status", "-r", "r", "--format", "json").stdout)["units"]
    assert [(unit["code"], unit["due"]) for unit in units] == [
        ("1001", "2026-01-31"),
        ("11330100MB0000001X", "2026-01-31"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("per_day = 100", 'per_day = "many"', "smtp.per_day: 应为 int"),
        ("strict = true", "strickt = true", "strickt: 没有这一项"),
        ('security = "tls"', 'security = "none"', "smtp.security: tls | starttls"),
        ('from = ""', 'from = "office"', "mail.from: 应为一个邮箱地址"),
        ("year = 2025", "", "year: 没有写"),
        (
            "# [letter.issue]",
            '[letter.issue]\nsubject = "{figures}"\n#',
            "letter.issue.subject: 没有这样的占位",
        ),
        ("year = 2025", "year = ", "不是 UTF-8 的 TOML 文本"),
    ],
)
def test_a_round_file_says_what_is_wrong_with_it(
    wb_tool: WbTool, tmp_path: Path, old: str, new: str, words: str
) -> None:
    (tmp_path / "roster.csv").write_text(roster_csv(UNITS), encoding="utf-8")
    wb_tool("round", "init", "r", "--year", "2025", "--roster", "roster.csv")
    path = tmp_path / "r" / "round.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    done = wb_tool("round", "status", "-r", "r")

    assert done.returncode == 2
    assert words in done.stderr


def test_what_is_no_round_is_said(wb_tool: WbTool, tmp_path: Path) -> None:
    assert "这里没有台账" in wb_tool("round", "status").stderr
    (tmp_path / "ledger.sqlite").write_bytes(b"junk" * 300)
    done = wb_tool("round", "status")
    assert (done.returncode, "台账" in done.stderr) == (2, True)


def test_issued_workbooks_carry_the_unit_its_token_and_last_year(
    wb_tool: WbTool, place: Path, tmp_path: Path
) -> None:
    prior = tmp_path / "prior"
    prior.mkdir()
    report = filled_report(_issued(place, 2))
    (prior / "去年.xlsx").write_bytes(
        workbook_bytes(report.__class__(**{**vars(report), "year": 2024, "issued": {}}))
    )
    (prior / "别的.txt").write_text("不是报告", encoding="utf-8")

    done = wb_tool("round", "issue", "U002", "--again", "--prior", str(prior), "-r", "r")

    assert done.returncode == 0, done.stderr
    assert "带上年数字的 1 份" in done.stdout
    assert "别的.txt: 读不出报告" in done.stderr
    again = place / "workbooks" / "2025-U002-2.xlsx"
    issued = open_report(again).report
    assert issued is not None
    assert issued.cover["level"] == "乡镇政府、街道办事处"
    assert issued.cover["contact"] == "王2"
    assert issued.issued["token"].startswith("WBT-2025-U002-2-")
    comments = [
        cell.comment for row in openpyxl.load_workbook(again)["二 主动公开"] for cell in row if cell.comment
    ]
    assert "上年报告(2024年度)的对应数" in comments[0].text


def test_nothing_is_issued_twice_by_itself(run: Run, place: Path) -> None:
    before = sorted((place / "workbooks").iterdir())

    done = run("issue")

    assert "没有要发的单位" in done.stderr
    assert sorted((place / "workbooks").iterdir()) == before


# Taking in


def test_a_folder_of_all_sorts(run: Run, place: Path, tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.mkdir()
    (box / "财政局.xlsx").write_bytes(filled(_issued(place, 1)))
    inside = {"报表/年报表.xlsx": filled(_issued(place, 2)), "__MACOSX/x": b"x"}
    (box / "打包.zip").write_bytes(zipped({"里面.zip": zipped(inside)}))
    forwarded = nested(bytes(_report(place, 3, 5)), encoded=True)
    (box / "转发.eml").write_bytes(bytes(Mail("boss@x.cn", parts=[forwarded])))
    (box / "空.xlsx").write_bytes(b"")
    (box / ".隐藏.xlsx").write_bytes(b"x")

    done = run("collect", str(box))

    assert done.returncode == 0, done.stderr
    assert "新收 4 件，已收过 0 件；工作簿 3 份" in done.stdout
    assert {code: unit["status"] for code, unit in _board(run).items()} == {
        "U001": "passed",
        "U002": "passed",
        "U003": "passed",
        "U004": "issued",
    }


def test_the_latest_by_the_server_is_current_whatever_is_said_elsewhere(run: Run, place: Path) -> None:
    later, earlier = _report(place, 1, 60), _report(place, 1, 30, SLIP)
    later.dated, earlier.dated = minutes(-90_000), minutes(90_000)
    earlier.attachments = [("年报最终版(2).xlsx", earlier.attachments[0][1])]

    run("collect", _put(place, "1", later), _put(place, "2", earlier))

    unit = _board(run)["U001"]
    assert (unit["status"], len(unit["submissions"])) == ("passed", 2)
    assert unit["current"]["received"] == "2026-01-05T02:00:00Z"


def test_two_at_the_same_moment_are_for_a_person(run: Run, place: Path) -> None:
    box = place.parent / "box"
    box.mkdir()
    (box / "a.xlsx").write_bytes(filled(_issued(place, 1)))
    (box / "b.xlsx").write_bytes(filled(_issued(place, 1), SLIP))

    run("collect", str(box))

    assert _board(run)["U001"]["status"] == "human"
    assert "同时收到几份不同的工作簿" in run("status").stdout
    refused = run("accept", "U001")
    assert (refused.returncode, "--submission" in refused.stderr) == (2, True)
    numbers = _board(run)["U001"]["submissions"]
    assert run("accept", "U001", "--submission", str(numbers[0])).returncode == 0
    assert _board(run)["U001"]["status"] == "accepted"


def test_an_explanation_alone_makes_no_new_submission_but_a_new_verdict(run: Run, place: Path) -> None:
    lowered = {"t2.normative_documents.in_force": 0}
    report = filled_report(_issued(place, 1), {"t2.normative_documents.issued": 5, **lowered})
    run(
        "collect",
        _put(
            place,
            "1",
            Mail(address(1), received=minutes(1), attachments=[("a.xlsx", workbook_bytes(report))]),
        ),
    )
    assert _board(run)["U001"]["status"] == "returned"
    book = place.parent / "explained.xlsx"
    book.write_bytes(workbook_bytes(report))
    edited = openpyxl.load_workbook(book)
    for row, rule in enumerate(("T2-01", "T2-05"), start=5):
        edited["核实说明"].cell(row, 1, rule)
        edited["核实说明"].cell(row, 3, "当年到期失效")
    edited.save(book)

    mail = Mail(address(1), received=minutes(2), attachments=[("a.xlsx", book.read_bytes())])
    run("collect", _put(place, "2", mail))

    unit = _board(run)["U001"]
    assert len(unit["submissions"]) == 1
    assert (unit["status"], unit["current"]["status"]) == ("passed", "pass")


# Answering


def test_a_faulty_one_is_answered_with_the_faults_and_the_marked_workbook(run: Run, place: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)))

    done = run("reply", "--on", "2026-01-10")

    assert done.returncode == 0, done.stderr
    message = _draft(place, "reply-U001-*.eml")
    assert message["To"] == address(1)
    assert message["In-Reply-To"] == "<20260105010500.u001@example.gov.cn>"
    assert message["Auto-Submitted"] == "auto-generated"
    text = _text(message)
    for words in (
        "错误 1 处",
        "D7",
        "表三 · 一、本年新收 · 自然人",
        "改为 12",
        "于2026年1月31日前",
        "公开办 电话 0000",
    ):
        assert words in text
    (part,) = message.iter_attachments()
    marked = read_report(part.get_content())
    assert marked.report is not None
    assert marked.report["t3.received.natural"] == 13
    assert marked.report.issued["token"].startswith("WBT-2025-U001-1-")


def test_an_independent_library_shows_the_chinese_names(run: Run, place: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)))
    run("reply")
    (path,) = (place / "outbox").glob("reply-*.eml")

    parsed = mailparser.parse_from_file(str(path))

    name = "2025年度政府信息公开年报-示例市青河区第1街道办事处-请修改.xlsx"
    assert [one["filename"] for one in parsed.attachments] == [name]
    assert parsed.subject == "年度报告需要修改（示例市青河区第1街道办事处）：错误 1 处，警告 1 处"
    raw = path.read_bytes()
    assert b"filename*" not in raw
    assert raw.count(b'name="=?utf-8?b?') == 2
    assert max(map(len, raw.splitlines())) < 100


def test_names_in_ascii_where_the_round_asks_for_them(run: Run, place: Path) -> None:
    settings = place / "round.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("ascii_names = false", "ascii_names = true"), encoding="utf-8")
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)))

    run("reply")

    (part,) = _draft(place, "reply-*.eml").iter_attachments()
    assert part.get_filename() == "2025-U001-marked.xlsx"


def test_an_answer_is_made_once_for_a_state_and_only_to_the_latest(run: Run, place: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)), _put(place, "2", _report(place, 1, 9)))

    assert "草稿 1 封" in run("reply").stdout
    assert "已通过审核" in _draft(place, "reply-*.eml")["Subject"]
    assert "草稿 0 封" in run("reply").stdout
    run("collect", _put(place, "3", _report(place, 1, 12)))
    assert "草稿 0 封" in run("reply").stdout
    run("collect", _put(place, "4", _report(place, 1, 15, SLIP)))
    assert "草稿 1 封" in run("reply").stdout


def test_an_unreadable_one_is_told_why_and_a_robot_nothing(run: Run, place: Path) -> None:
    link = Mail(address(1), text="下载: https://mail.qq.com/cgi-bin/ftnExs_download?k=1", received=minutes(1))
    robot = Mail(address(2), "自动回复:请填报", received=minutes(2))
    question = Mail(address(3), "请问怎么填", received=minutes(3))
    stranger = Mail("x@y.cn", received=minutes(4), attachments=[("a.pdf", b"%PDF-1.7 x")])

    run("collect", *(_put(place, f"{n}", mail) for n, mail in enumerate((link, robot, question, stranger))))
    done = run("reply")

    assert [path.name.split("-")[1] for path in (place / "outbox").glob("reply-*")] == ["U001"]
    assert "网盘或超大附件的链接" in _text(_draft(place, "reply-U001-*.eml"))
    assert "草稿 1 封" in done.stdout
    assert "没有工作簿  u003@example.gov.cn" in run("status").stdout
    assert run("dismiss", "M3").returncode == 0
    assert "u003@example.gov.cn" not in run("status").stdout


# Deciding


def test_what_is_accepted_stays_until_a_person_accepts_another(run: Run, place: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5)))
    assert run("accept", "U001", "--by", "李主任").returncode == 0
    run("collect", _put(place, "2", _report(place, 1, 9, {"t2.penalty.decisions": 3})))

    unit = _board(run)["U001"]
    first, second = unit["submissions"]
    assert (unit["status"], unit["accepted"], unit["has_newer"]) == ("accepted", first, True)
    assert "接受之后又有新件" in run("status").stdout
    assert "共 0 个单位" in run("accept", "--passed").stdout
    assert run("accept", "第1街道").returncode == 0
    assert _board(run)["U001"]["accepted"] == second
    assert "李主任  接受  U001" in run("history", "U001").stdout


def test_one_that_failed_is_accepted_only_anyway(run: Run, place: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)))

    refused = run("accept", "U001")

    assert (refused.returncode, "--anyway" in refused.stderr) == (2, True)
    assert run("accept", "U001", "--anyway").returncode == 0
    assert _board(run)["U001"]["status"] == "accepted"


def test_one_that_passed_may_be_sent_back_with_a_reason(run: Run, place: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5)))
    run("accept", "U001")

    assert run("reject", "U001", "--reason", "第一部分请补充培训情况。").returncode == 0

    assert _board(run)["U001"]["status"] == "returned"
    run("reply")
    assert "第一部分请补充培训情况。" in _text(_draft(place, "reply-*.eml"))
    assert "人工退回" in run("history", "U001").stdout


def test_a_person_says_whose_it_is(run: Run, place: Path) -> None:
    mail = Mail(address(2), received=minutes(5), attachments=[("a.xlsx", filled(_issued(place, 1)))])
    run("collect", _put(place, "1", mail))
    items = json.loads(run("status", "--format", "json").stdout)["items"]
    assert [(one["id"], one["reason"], one["candidates"]) for one in items] == [
        ("P1", "ambiguous", ["U001", "U002"])
    ]
    assert {_board(run)[code]["status"] for code in ("U001", "U002")} == {"human"}

    assert run("assign", "P1", "U001").returncode == 0

    assert (_board(run)["U001"]["status"], _board(run)["U002"]["status"]) == ("passed", "issued")
    again = run("assign", "P1", "U002")
    assert (again.returncode, "--anyway" in again.stderr) == (2, True)
    assert run("assign", "P1", "U002", "--anyway").returncode == 0
    assert (_board(run)["U001"]["status"], _board(run)["U002"]["status"]) == ("issued", "passed")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("accept", "U009"), "花名册里没有这个单位"),
        (("accept", "街道"), "可能是几个单位"),
        (("accept", "U001"), "还没有报送"),
        (("accept",), "请写单位"),
        (("reject", "U001", "--reason", " "), "不能为空"),
        (("assign", "P99", "U001"), "没有这一件"),
        (("dismiss", "X1"), "没有这一件"),
        (("mark",), "请写单位"),
        (("issue", "--again"), "--again 要指明单位"),
        (("collect", "nowhere"), "没有这个文件"),
        (("fetch",), "没有授权码"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")

    assert done.returncode == 2
    assert words in done.stderr


# The board


def test_the_board_as_a_workbook_and_in_english(run: Run, place: Path, tmp_path: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)))

    done = run("status", "--format", "xlsx", "-o", "board.xlsx", "--on", "2026-02-02", "--lang", "en")

    assert done.returncode == 0, done.stderr
    sheet = openpyxl.load_workbook(tmp_path / "board.xlsx").active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet]
    assert rows[2][:3] == ["code", "unit", "status"]
    assert [row[2] for row in rows[3:]] == ["to be mended", "overdue", "overdue", "overdue"]
    assert rows[4][4] == 2
    assert "Reports on 2025" in run("status", "--lang", "en").stdout


def test_reminders_come_in_time_and_not_too_often(run: Run, place: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5)))

    assert "草稿 0 封" in run("remind", "--on", "2026-01-27").stdout
    assert "草稿 3 封" in run("remind", "--on", "2026-01-28").stdout
    message = _draft(place, "remind-U002-1.eml")
    assert (
        message["Subject"] == "还有 3 天截止：2025年度政府信息公开工作年度报告（示例市青河区第2街道办事处）"
    )
    assert "还没有收到" in _text(message)
    assert message["References"].startswith("<wbt.2025-")
    assert "草稿 0 封" in run("remind", "--on", "2026-02-28").stdout, "the first was not even sent"


def test_letters_that_time_has_overtaken_are_taken_back(run: Run, place: Path) -> None:
    run("remind", "--on", "2026-01-28")
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)))
    run("reply")
    assert sorted(path.name[:11] for path in (place / "outbox").iterdir()) == [
        "remind-U001",
        "remind-U002",
        "remind-U003",
        "remind-U004",
        "reply-U001-",
    ]
    run("collect", _put(place, "2", _report(place, 1, 9)))
    run("reply")

    assert "已通过审核" in _draft(place, "reply-U001-*.eml")["Subject"]
    assert "不用再催的 1 封已撤回" in run("send").stdout
    assert not list((place / "outbox").glob("remind-U001-*"))
    assert "撤回未发的信" in run("history", "U001").stdout


def test_a_loose_copy_of_an_old_attachment_does_not_become_the_latest(run: Run, place: Path) -> None:
    first, second = _report(place, 1, 5, SLIP), _report(place, 1, 9)
    copy = place.parent / "另存的附件.xlsx"
    copy.write_bytes(first.attachments[0][1])

    run("collect", _put(place, "2", second), str(copy))
    run("collect", _put(place, "1", first))

    assert _board(run)["U001"]["status"] == "passed"


@pytest.mark.parametrize("page", ["round.md", "round.zh-CN.md"])
def test_the_manual_has_every_reason_and_every_status(page: str) -> None:
    text = (Path(__file__).parent.parent / "docs" / page).read_text(encoding="utf-8")

    for reason in list(reasons().values())[1:]:
        assert f"`{reason.id}`" in text
        assert page == "round.md" or reason.words.zh in text
    for name, words in round_data()["status"].items():
        assert (f"`{name}`" if page == "round.md" else f"| {words['zh']} |") in text


def test_the_due_date_of_the_round_file_holds_for_units_without_one(
    run: Run, place: Path, tmp_path: Path
) -> None:
    roster = roster_csv(range(1, 3), due="").replace(
        "王1,u001@example.gov.cn,", "王1,u001@example.gov.cn,2026-01-20"
    )
    (tmp_path / "new.csv").write_text(roster, encoding="utf-8")
    run("enrol", "--roster", str(tmp_path / "new.csv"))
    path = place / "round.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-01-31", "2026-12-10"), encoding="utf-8")

    board = _board(run)

    assert [board[code]["due"] for code in ("U001", "U002", "U003")] == [
        "2026-01-20",
        "2026-12-10",
        "2026-01-31",
    ]


def test_an_accepted_unit_hears_no_more_until_a_person_sends_something_back(run: Run, place: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)), _put(place, "2", _report(place, 1, 9)))
    run("accept", "U001")
    link = Mail(address(1), text="https://pan.baidu.com/s/1", received=minutes(12))
    run("collect", _put(place, "3", _report(place, 1, 15, SLIP)), _put(place, "4", link))

    assert "草稿 0 封" in run("reply").stdout
    row = next(line for line in run("status").stdout.splitlines() if line.startswith("U001"))
    assert "2026-01-05 01:09" in row or "2026-01-05 09:09" in row, "the board speaks of what was accepted"
    first = _board(run)["U001"]["submissions"][-1]
    run("reject", "U001", "--submission", str(first), "--reason", "请用已接受的一份。")
    assert "草稿 1 封" in run("reply").stdout


def test_a_second_issue_takes_the_place_of_the_first(
    run: Run, wb_tool: WbTool, place: Path, tmp_path: Path
) -> None:
    run("issue", "U001", "--again")
    assert "本次附件代替前一份" in _text(_draft(place, "issue-U001-2.eml"))
    run("issue", "U001", "--again")

    assert [path.name for path in (place / "outbox").iterdir()] == ["issue-U001-3.eml"]


def test_a_unit_without_an_address(run: Run, place: Path, tmp_path: Path) -> None:
    row = "民政局,M1,其他单位,赵,{},2026-12-31"
    (tmp_path / "new.csv").write_text(roster_csv(range(1, 5)) + row.format(""), encoding="utf-8")
    run("enrol", "--roster", str(tmp_path / "new.csv"))
    assert "工作簿 1 份" in run("issue").stdout
    assert _board(run)["M1"]["status"] == "unissued"
    run("mark", "M1")
    assert _board(run)["M1"]["status"] == "issued"
    assert "民政局" in run("reply").stderr
    (tmp_path / "new.csv").write_text(roster_csv(range(1, 5)) + row.format("mz@x.cn"), encoding="utf-8")
    run("enrol", "--roster", str(tmp_path / "new.csv"))

    assert "草稿 1 封" in run("issue").stdout
    assert [path.name for path in (place / "outbox").iterdir()] == ["issue-M1-1.eml"]
    assert len(list((place / "workbooks").glob("*-M1-*"))) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "回收编号是 U001 的"),
        ({"issued": {}}, "封面的单位代码是 U001 的"),
        ({"issued": {}, "cover": {}}, "封面的单位名称是"),
        ({"issued": {}, "cover": {}, "agency": "", "year": 2024}, "是 2024 年度的"),
    ],
)
def test_an_item_goes_to_a_unit_that_the_workbook_denies_only_anyway(
    run: Run, place: Path, changed: dict[str, Any], words: str
) -> None:
    report = filled_report(_issued(place, 1))
    content = workbook_bytes(report.__class__(**{**vars(report), **changed}))
    run(
        "collect",
        _put(place, "1", Mail("who@qq.com", received=minutes(1), attachments=[("a.xlsx", content)])),
    )
    if not changed:
        run(
            "collect",
            _put(place, "2", Mail(address(2), received=minutes(2), attachments=[("a.xlsx", content)])),
        )

    item = "P1" if changed else "P2"
    refused = run("assign", item, "U002")

    assert (refused.returncode, words in refused.stderr) == (2, True)
    assert run("assign", item, "U002", "--anyway").returncode == 0
    back = run("assign", item, "U001", *(["--anyway"] if "year" in changed else []))
    assert back.returncode == 0, back.stderr


def test_servers_that_are_not_named_or_not_there(run: Run, place: Path) -> None:
    run("issue", "U001", "--again")
    secret = {"WB_TOOL_MAIL_PASSWORD": "secret"}
    for command, words in (
        (("send", "--send", "--yes", "1"), "没有写发信服务器"),
        (("fetch",), "没有写收信服务器"),
    ):
        done = run(*command, **secret)
        assert (done.returncode, words in done.stderr) == (2, True)
    path = place / "round.toml"
    text = path.read_text(encoding="utf-8").replace('host = ""', 'host = "127.0.0.1"')
    path.write_text(
        text.replace("port = 465", "port = 9").replace("port = 993", "port = 9"), encoding="utf-8"
    )
    for command, words in ((("send", "--send", "--yes", "1"), "连不上发信服务器"), (("fetch",), "连不上")):
        done = run(*command, **secret)
        assert (done.returncode, words in done.stderr) == (2, True)
    assert [path.name for path in (place / "outbox").iterdir()] == ["issue-U001-2.eml"]


def test_last_year_s_reports_that_are_of_no_use_are_named(run: Run, place: Path, tmp_path: Path) -> None:
    prior = tmp_path / "prior"
    prior.mkdir()
    report = filled_report(_issued(place, 1))
    changes: list[dict[str, Any]] = [{"year": 2024}, {"year": 2024, "opening": "另一份"}, {"year": 2023}]
    for number, change in enumerate(changes, start=1):
        other = report.__class__(**{**vars(report), "issued": {}, **change})
        (prior / f"{number}.xlsx").write_bytes(workbook_bytes(other))

    done = run("issue", "U001", "--again", "--prior", str(prior))

    assert "2.xlsx: 同一单位有两份不同的" in done.stderr
    assert "3.xlsx: 是 2023 年度的" in done.stderr
    assert "带上年数字的 0 份" in done.stdout


def test_units_are_added_and_brought_up_to_date(run: Run, place: Path, tmp_path: Path) -> None:
    changed = roster_csv(range(2, 6)).replace(address(2), "new@example.gov.cn")
    (tmp_path / "new.csv").write_text(changed, encoding="utf-8")

    done = run("enrol", "--roster", str(tmp_path / "new.csv"))

    assert "新增 1,更新 3" in done.stdout
    assert "U001" in done.stderr
    assert list(_board(run)) == ["U001", "U002", "U003", "U004", "U005"]
    assert "工作簿 1 份" in run("issue").stdout


def test_the_log_of_events_is_only_added_to(run: Run, place: Path) -> None:
    connection = sqlite3.connect(place / "ledger.sqlite")

    for statement in ("UPDATE event SET actor = 'x'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            connection.execute(statement)
    connection.close()


def test_a_round_can_be_moved(run: Run, place: Path, wb_tool: WbTool, tmp_path: Path) -> None:
    run("collect", _put(place, "1", _report(place, 1, 5, SLIP)))
    shutil.move(place, tmp_path / "elsewhere")

    assert "草稿 1 封" in wb_tool("round", "reply", "-r", "elsewhere").stdout
