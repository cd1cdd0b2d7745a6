"""The command line, as the contract states it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import WbTool
from tests.editing import Step, edited, sample_report
from tests.texts import WITHOUT_FIGURES, with_texts
from workbook_tool import __version__, render, rule_book
from workbook_tool.excel.build import workbook_bytes

ROOT = Path(__file__).parent.parent
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _compound(stream: str) -> bytes:
    """A compound file of which there is only one entry of its directory."""
    words = stream.encode("utf-16-le") + b"\0\0"
    entry = words.ljust(64, b"\0") + len(words).to_bytes(2, "little") + b"\x02"
    return OLE.ljust(512, b"\0") + entry.ljust(512, b"\0")


SUBCOMMANDS = (
    *("template", "check", "draft", "report", "import", "repair", "export", "diff"),
    *("compare", "rollup", "round", "rules", "explain", "demo"),
)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.xlsx"
    path.write_bytes(workbook_bytes(sample_report()))
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.xlsx"
    report = with_texts(sample_report(), **WITHOUT_FIGURES)
    path.write_bytes(edited(report, [{"type": 13, "into": "t3.received.natural"}]))
    return path


def test_check_passes_what_is_right(wb_tool: WbTool, good: Path) -> None:
    done = wb_tool("check", "good.xlsx")

    assert done.returncode == 0
    assert "没有发现问题" in done.stdout


def test_check_names_cell_line_figures_and_remedy(wb_tool: WbTool, bad: Path) -> None:
    done = wb_tool("check", "bad.xlsx")

    assert done.returncode == 1
    for words in (
        "【三 收到和处理申请】",
        "D7",
        "表三 · 一、本年新收 · 自然人",
        "一 + 二 = 13，应等于三(七)+ 四 = 12，相差 1",
        "→ 请核对",
    ):
        assert words in done.stdout
    assert done.stdout.splitlines()[-1] == "共 1 个文件：通过 0，有警告 0，不通过 1，读不出 0。"


def test_check_json_has_the_shape_of_the_contract(
    wb_tool: WbTool, good: Path, bad: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.xlsx").write_bytes(good.read_bytes()[:500])

    done = wb_tool("check", "good.xlsx", "bad.xlsx", "broken.xlsx", "--format", "json")
    result = json.loads(done.stdout)

    assert done.returncode == 1
    assert list(result) == ["schema", "files", "summary"]
    assert result["schema"] == "wb-tool/check/1"
    assert result["summary"] == {"pass": 1, "warn": 0, "fail": 1, "unreadable": 1}
    assert result["files"][0] == {
        "file": "good.xlsx",
        "status": "pass",
        "edition": "2021",
        "agency": "示例市青河区柳湾街道办事处",
        "year": 2025,
        "findings": [],
    }
    (finding,) = result["files"][1]["findings"]
    assert list(finding) == [
        *("rule", "severity", "title", "message", "fix", "sheet", "cell", "place", "ids"),
        *("expected", "found", "explained", "suggestions"),
    ]
    assert (finding["rule"], finding["severity"], finding["cell"]) == ("T3-01", "error", "D7")
    assert (finding["expected"], finding["found"], finding["explained"]) == ("12", "13", None)
    assert set(result["files"][2]) == {"file", "status", "findings"}
    assert result["files"][2]["findings"][0]["rule"] == "W-01"


def test_only_the_words_change_with_the_language(wb_tool: WbTool, bad: Path) -> None:
    chinese, english = (
        json.loads(wb_tool("check", "bad.xlsx", "--format", "json", "--lang", lang).stdout)
        for lang in ("zh", "en")
    )
    by_variable = json.loads(wb_tool("check", "bad.xlsx", "--format", "json", WB_TOOL_LANG="en").stdout)

    assert english == by_variable
    for finding in (*chinese["files"][0]["findings"], *english["files"][0]["findings"]):
        words = [finding.pop(name) for name in ("title", "message", "fix", "place")]
        words += [suggestion.pop("why") for suggestion in finding["suggestions"]]
        assert all(words)
    assert chinese == english


def test_a_name_from_a_file_writes_no_lines_of_its_own(wb_tool: WbTool, tmp_path: Path) -> None:
    report = json.loads(wb_tool("export", str(ROOT / "samples/report.txt"), "--lang", "en").stdout)
    name = "\x1b[2J办事处\n共 1 个文件：通过 1\u202e"
    (tmp_path / "a.json").write_text(json.dumps(report | {"agency": name}), encoding="utf-8")

    checked = wb_tool("check", "a.json").stdout
    rolled_up = wb_tool("rollup", "a.json", "-o", "all.xlsx", "--agency", "示例市人民政府", "--year", "2024")

    for said in (checked, rolled_up.stdout):
        assert "办事处 共 1 个文件：通过 1" in said
        assert not {"\x1b", "\u202e"} & set(said)


def test_strict_counts_only_unexplained_warnings(wb_tool: WbTool, tmp_path: Path) -> None:
    warning = [{"type": 5, "into": "t2.normative_documents.issued"}]
    explained = {"explain": "T2-01", "place": "表二 · 行政规范性文件 · 现行有效件数", "because": "已到期失效"}
    (tmp_path / "warned.xlsx").write_bytes(edited(sample_report(), warning))
    (tmp_path / "explained.xlsx").write_bytes(edited(sample_report(), [*warning, explained]))

    assert wb_tool("check", "warned.xlsx").returncode == 0
    assert wb_tool("check", "warned.xlsx", "--strict").returncode == 1
    done = wb_tool("check", "explained.xlsx", "--strict")
    assert done.returncode == 0
    assert "已说明：已到期失效" in done.stdout


def test_a_folder_stands_for_the_reports_in_it(wb_tool: WbTool, good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "units" / "north"
    folder.mkdir(parents=True)
    (folder / "b.xlsx").write_bytes(good.read_bytes())
    (folder / "a.txt").write_text(render(sample_report()), encoding="utf-8")
    (folder / "~$b.xlsx").write_bytes(b"lock")
    (folder / "Thumbs.db").write_text("x")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")

    result = json.loads(wb_tool("check", "units", "--format", "json").stdout)

    assert [Path(entry["file"]).name for entry in result["files"]] == ["a.txt", "b.xlsx", "photo.jpg"]


def test_what_a_file_is_does_not_hang_on_its_name(wb_tool: WbTool, good: Path, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(good.read_bytes())
    (tmp_path / "table.xlsx").write_text(render(sample_report()), encoding="utf-8")

    assert wb_tool("check", "report.pdf", "table.xlsx").returncode == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04 not really", "不完整或已损坏"),
        (OLE + b"\0" * 512, "不认识的文件"),
        (_compound("EncryptedPackage"), "损坏"),
        (_compound("Workbook"), "损坏"),
        (_compound("WordDocument"), "Word"),
        (OLE.ljust(512, b"\0") + "WordDocument".encode("utf-16-le"), "不认识的文件"),
        (b"%PDF-1.4\n", "PDF"),
        (b"<html><table></table></html>", "网页"),
        (b"\x89PNG\r\n", "图片"),
        ("你好".encode(), "没有年度报告"),
        (b"\x00\x01\x02\x03", "不认识的文件"),
    ],
)
def test_a_file_that_is_no_report_is_a_finding(
    wb_tool: WbTool, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)

    done = wb_tool("check", "x.xlsx")

    assert done.returncode == 1
    assert "W-01" in done.stdout
    assert words in done.stdout
    for command in ("report", "export"):
        assert wb_tool(command, "x.xlsx").returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "missing.xlsx"),
        ("check",),
        ("check", "good.xlsx", "--format", "xml"),
        ("report", "missing.xlsx"),
        ("report", "."),
        ("template", "-o", "x.xlsx"),
        ("template", "-o", "x.xlsx", "--year", "2018", "--agency", "某局"),
        ("template", "-o", "x.xlsx", "--year", "2025", "--agency", "某局", "--edition", "2019"),
        ("template", "-o", "x.xlsx", "--year", "2025", "--agency", "某局", "--edition", "1999"),
        ("template", "-o", "x.xlsx", "--year", "2025", "--agency", "  "),
        ("template", "-o", "x.xlsx", "--year", "2025", "--agency", "某\n局"),
        ("template", "-o", "no/such/folder/x.xlsx", "--year", "2025", "--agency", "某局"),
        ("template", "-o", ".", "--year", "2025", "--agency", "某局"),
        ("template", "-o", "good.xlsx", "--year", "2025", "--agency", "某局"),
        ("import", "good.xlsx", "-o", "good.xlsx"),
        ("report", "good.xlsx", "-f", "txt", "-o", "good.xlsx"),
        ("explain", "T9-99"),
        ("demo", "."),
        ("demo", "good.xlsx/x"),
        ("check", "x" * 300),
        ("template", "-o", "x.xls", "--year", "2025", "--agency", "某局"),
        ("template", "-o", "x.xlsx", "--year", "99999", "--agency", "某局"),
        ("template", "-o", "x.xlsx", "--year", "2025", "--agency", "某|局"),
        ("template", "-o", "x" * 300 + ".xlsx", "--year", "2025", "--agency", "某局"),
        ("import", "good.xlsx", "-o", "x.xlsx", "--agency", "甲\n乙"),
        ("import", "good.xlsx", "-o", "x.xlsx", "--year", "0"),
        ("check", "good.xlsx", "--password-file", "none"),
        ("nonsense",),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    wb_tool: WbTool, good: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = good.read_bytes()

    done = wb_tool(*arguments)

    assert done.returncode == 2
    assert done.stderr.strip()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.xlsx"]
    assert good.read_bytes() == before


def test_force_overwrites(wb_tool: WbTool, good: Path) -> None:
    before = good.read_bytes()

    assert (
        wb_tool("template", "-o", "good.xlsx", "--year", "2025", "--agency", "某局", "--force").returncode
        == 0
    )
    assert good.read_bytes() != before


@pytest.fixture
def beside(tmp_path: Path, good: Path) -> None:
    """What is read beside a workbook, each good for it."""
    (tmp_path / "last").mkdir()
    (tmp_path / "last" / "good.xlsx").write_bytes(good.read_bytes())
    (tmp_path / "link.xlsx").symlink_to("last/good.xlsx")
    (tmp_path / "own.toml").write_text("history.jump = 2\n", encoding="utf-8")
    (tmp_path / "slips.toml").write_text("", encoding="utf-8")
    (tmp_path / "words").write_text("secret\n", encoding="utf-8")


def _contents(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "good.xlsx", "--format", "text", "-o", "good.xlsx"),
        ("check", "good.xlsx", "--prior", "last", "--annotate", "last"),
        ("check", "good.xlsx", "--prior", "last/good.xlsx", "--annotate", "last"),
        ("check", "good.xlsx", "--prior", "last", "--format", "text", "-o", "link.xlsx"),
        ("check", "good.xlsx", "--profile", "own.toml", "-o", "own.toml"),
        ("check", "good.xlsx", "--lexicon", "slips.toml", "-o", "./slips.toml"),
        ("check", "good.xlsx", "--password-file", "words", "-o", "words"),
        ("diff", "good.xlsx", "last/good.xlsx", "-o", "good.xlsx"),
        ("diff", "good.xlsx", "last/good.xlsx", "-f", "xlsx", "-o", "link.xlsx"),
        ("template", "-o", "link.xlsx", "--year", "2026", "--agency", "某局", "--prior", "last/good.xlsx"),
        ("report", "good.xlsx", "-f", "txt", "-o", "good.xlsx"),
        ("export", "good.xlsx", "-f", "json", "-o", "good.xlsx"),
        ("import", "good.xlsx", "-o", "good.xlsx"),
        ("repair", "good.xlsx", "-o", "good.xlsx"),
        ("draft", "good.xlsx", "-o", "good.xlsx"),
    ],
)
def test_what_is_read_is_not_overwritten_even_by_force(
    wb_tool: WbTool, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = _contents(tmp_path)

    done = wb_tool(*arguments, "--force")

    assert (done.returncode, done.stdout) == (2, "")
    assert "never overwritten" in done.stderr
    assert _contents(tmp_path) == before


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "good.xlsx", "--annotate", "new", "-o", "own.toml"), "exists"),
        (("check", "good.xlsx", "--annotate", "new", "-o", "no/such/found.json"), "no such folder"),
        (
            ("check", "good.xlsx", "--annotate", "new", "--format", "text", "-o", "new/good.xlsx"),
            "annotated workbook",
        ),
        (("check", "good.xlsx", "--annotate", "new", "-o", "last"), "directory"),
        (("check", "good.xlsx", "--annotate", "words/new"), "not a folder"),
        (("check", "good.xlsx", "--annotate", "new", "--prior", "words"), "last year"),
        (("check", "junk.xlsx", "-o", "own.toml"), "exists"),
        (("report", "junk.xlsx", "-o", "no/such/x.txt"), "no such folder"),
        (("export", "junk.xlsx", "-o", "own.toml"), "exists"),
        (("diff", "junk.xlsx", "good.xlsx", "-o", "own.toml"), "exists"),
        (("diff", "junk.xlsx", "good.xlsx", "-f", "xlsx", "-o", "x.txt"), ".xlsx"),
        (("draft", "junk.xlsx", "-o", "good.xlsx"), "exists"),
        (("import", "junk.xlsx", "-o", "x.txt"), ".xlsx"),
        (("repair", "junk.xlsx", "-o", "words/x.xlsx"), "not a folder"),
        (("round", "status", "-o", "own.toml"), "exists"),
    ],
)
def test_where_a_result_goes_is_looked_at_before_any_work(
    wb_tool: WbTool, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "junk.xlsx").write_bytes(b"junk")
    before = _contents(tmp_path)

    done = wb_tool(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "W-01" not in done.stderr, "nothing was read yet"
    assert _contents(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "starts"), [("a.html", b"<!doctype"), ("a.docx", b"PK"), ("a.pdf", b"%PDF")]
)
def test_the_format_of_a_report_is_that_of_the_name(
    wb_tool: WbTool, tmp_path: Path, name: str, starts: bytes
) -> None:
    (tmp_path / "good.xlsx").write_bytes(workbook_bytes(sample_report()))

    assert wb_tool("report", "good.xlsx", "-o", name).returncode == 0
    assert (tmp_path / name).read_bytes().startswith(starts)


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "good.xlsx", "-o", "x.xlsx"),
        ("export", "good.xlsx", "-o", "x.sqlite"),
        ("check", "good.xlsx", "-o", "x.xlsx"),
        ("draft", "good.xlsx", "-o", "x.docx"),
        ("diff", "good.xlsx", "good.xlsx", "-o", "x.pdf"),
        ("compare", "good.xlsx", "-o", "x.xlsx"),
    ],
)
def test_nothing_is_written_under_the_name_of_another_kind_of_file(
    wb_tool: WbTool, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "good.xlsx").write_bytes(workbook_bytes(sample_report()))

    done = wb_tool(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "can be written here" in done.stderr
    assert not (tmp_path / arguments[-1]).exists()


def test_findings_may_go_into_the_folder_that_is_made_for_workbooks(wb_tool: WbTool, bad: Path) -> None:
    assert wb_tool("check", bad.name, "--annotate", "new", "-o", "new/found.txt").returncode == 1
    assert sorted(path.name for path in (bad.parent / "new").iterdir()) == ["bad.xlsx", "found.txt"]


def test_export_gives_blank_as_null_and_money_as_text(wb_tool: WbTool, tmp_path: Path) -> None:
    steps: list[Step] = [
        {"clear": "t2.penalty"},
        {"type": 59237.2449, "into": "t2.fees.amount"},
        {"text": "约3", "into": "t2.licensing.decisions"},
    ]
    (tmp_path / "a.xlsx").write_bytes(edited(sample_report(), steps))

    result = json.loads(wb_tool("export", "a.xlsx").stdout)

    assert list(result) == ["schema", "edition", "year", "agency", "cells", "narratives", "opening", "digest"]
    assert result["schema"] == "wb-tool/report/1"
    assert result["cells"]["t2.penalty.decisions"] is None
    assert result["cells"]["t2.fees.amount"] == "59237.2449"
    assert "t2.licensing.decisions" not in result["cells"]
    assert len(result["cells"]) == 199
    assert list(result["narratives"]) == ["s1", "s5", "s6"]


def test_export_csv_is_safe_to_open_in_a_spreadsheet(wb_tool: WbTool, tmp_path: Path) -> None:
    from dataclasses import replace

    (tmp_path / "a.xlsx").write_bytes(workbook_bytes(replace(sample_report(), agency="=cmd|'/C calc'!A0")))

    lines = wb_tool("export", "a.xlsx", "-f", "csv").stdout.splitlines()

    assert lines[0].lstrip("\ufeff") == "agency,year,edition,id,place,value"
    assert len(lines) == 201
    assert lines[1].startswith("'=cmd")


def test_standard_input_and_output(wb_tool: WbTool, good: Path) -> None:
    assert wb_tool("check", "-", stdin=good.read_bytes()).returncode == 0
    assert wb_tool("report", "-", stdin=good.read_bytes()).stdout == render(sample_report())


def test_diff_shows_figures_and_paragraphs(wb_tool: WbTool, good: Path, bad: Path, tmp_path: Path) -> None:
    text = render(sample_report()).replace("培训两次", "培训三次")
    (tmp_path / "new.txt").write_text(text, encoding="utf-8")

    assert "没有不同" in wb_tool("diff", "good.xlsx", "good.xlsx").stdout
    figures = wb_tool("diff", "good.xlsx", "bad.xlsx").stdout
    line = next(line for line in figures.splitlines() if line.endswith("  t3.received.natural"))
    assert line.split() == ["一、本年新收", "·", "自然人", "12", "13", "+1", "+8.3%", "t3.received.natural"]
    prose = wb_tool("diff", "good.xlsx", "new.txt", "--lang", "en").stdout
    assert "- 监督保障方面" in prose
    assert "+ 监督保障方面" in prose
    assert prose.endswith("Differences: 1.\n")


def test_import_reports_what_it_could_not_read(wb_tool: WbTool, tmp_path: Path) -> None:
    text = render(sample_report()).replace("行政处罚 | 845", "行政处罚 | 845件")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")

    done = wb_tool("import", "a.txt", "-o", "a.xlsx", "--agency", "某局")

    assert done.returncode == 1
    assert "V-06" in done.stderr
    checked = json.loads(wb_tool("check", "a.xlsx", "--format", "json").stdout)
    assert checked["files"][0]["agency"] == "某局"
    assert [finding["rule"] for finding in checked["files"][0]["findings"]] == ["V-04"]


def test_import_keeps_the_faults_of_the_source(wb_tool: WbTool, tmp_path: Path) -> None:
    text = render(with_texts(sample_report(), **WITHOUT_FIGURES)).replace(
        "申请数量 | 12 | 0 | 0 | 0 | 0 | 0 | 12", "申请数量 | 12 | 0 | 0 | 0 | 0 | 0 | 21"
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")

    assert wb_tool("import", "a.txt", "-o", "a.xlsx").returncode == 0
    done = wb_tool("check", "a.xlsx", "--format", "json")
    (finding,) = json.loads(done.stdout)["files"][0]["findings"]
    assert (finding["rule"], finding["cell"], finding["expected"], finding["found"]) == (
        "T3-02",
        "J7",
        "12",
        "21",
    )


def test_rules_and_explain_tell_the_whole_book(wb_tool: WbTool) -> None:
    listed = wb_tool("rules").stdout
    as_json = json.loads(wb_tool("rules", "--format", "json").stdout)

    assert [line.split()[0] for line in listed.splitlines()] == list(rule_book())
    assert [entry["id"] for entry in as_json["rules"]] == list(rule_book())
    explained = wb_tool("explain", "t3-01", "--lang", "en").stdout
    for words in ("T3-01", "error", "why:", "source:", "fix:"):
        assert words in explained


def test_demo_runs_the_main_job(wb_tool: WbTool, tmp_path: Path) -> None:
    done = wb_tool("demo", "here")

    assert done.returncode == 0, done.stdout
    assert done.stdout.count("$ wb-tool") == 6
    assert {"report.txt", "filled.xlsx", "slip.xlsx", "marked", "out.txt", "blank.xlsx"} == {
        path.name for path in (tmp_path / "here").iterdir()
    }


def test_every_command_has_help_and_stands_in_both_readmes(wb_tool: WbTool) -> None:
    listed = wb_tool("--help").stdout
    readmes = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
    for command in SUBCOMMANDS:
        assert f"  {command} " in listed
        assert wb_tool(command, "--help").returncode == 0
        for readme in readmes:
            assert f"wb-tool {command}" in readme


def test_version(wb_tool: WbTool) -> None:
    assert wb_tool("--version").stdout.strip() == f"wb-tool {__version__}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["version"]["path"] == "workbook_tool/__init__.py"


def _modules_after(arguments: tuple[str, ...], folder: Path) -> set[str]:
    """The modules that a command has loaded when it is done."""
    script = (
        "import sys\n"
        f"sys.argv = ['wb-tool', *{arguments!r}]\n"
        "from workbook_tool.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('\\n', *sys.modules, sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines())


@pytest.mark.parametrize("arguments", [("--help",), ("rules",), ("explain", "T3-01")])
def test_light_commands_load_no_workbook_library(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    loaded = _modules_after(arguments, tmp_path)

    assert not {"openpyxl", "xlsxwriter", "rich", "workbook_tool.excel"} & loaded


def test_a_workbook_to_standard_output_and_a_name_given_on_import(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "untitled.txt").write_text(render(sample_report()).split("\n", 1)[1], encoding="utf-8")

    done = wb_tool("import", "untitled.txt", "-o", "a.xlsx", "--agency", "某局", "--year", "2024")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(wb_tool("export", "a.xlsx").stdout)["agency"] == "某局"


def test_a_link_keeps_being_a_link_and_a_device_is_no_file(
    wb_tool: WbTool, good: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to("target.txt")

    assert wb_tool("report", "good.xlsx", "-o", "link.txt").returncode == 0
    assert link.is_symlink()
    assert (tmp_path / "target.txt").read_text(encoding="utf-8") == render(sample_report())
    os.mkfifo(tmp_path / "pipe")
    assert wb_tool("report", "good.xlsx", "-o", "pipe", "--force").returncode == 2
    assert (tmp_path / "pipe").is_fifo()


def test_a_pipe_among_the_sources_is_told_and_not_waited_for(
    wb_tool: WbTool, good: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.xlsx").write_bytes(good.read_bytes())
    (folder / "b.xlsx").symlink_to(tmp_path / "pipe")
    (folder / "c.xlsx").symlink_to("/dev/zero")

    for language, words in (("zh", "文件打不开：不是普通文件。"), ("en", "opened: not a regular file.")):
        done = wb_tool("check", "in", "pipe", "--format", "json", "--lang", language)
        entries = json.loads(done.stdout)["files"]
        assert done.returncode == 1
        assert [one["status"] for one in entries] == ["pass", "unreadable", "unreadable", "unreadable"]
        assert {one["rule"] for entry in entries for one in entry["findings"]} == {"W-01"}
        assert all(words in one["message"] for entry in entries for one in entry["findings"])
    assert wb_tool("export", "pipe").returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "good.xlsx", "--prior"),
        ("check", "good.xlsx", "--profile"),
        ("check", "good.xlsx", "--lexicon"),
        ("check", "good.xlsx", "--password-file"),
        ("template", "-o", "x.xlsx", "--year", "2026", "--agency", "某局", "--prior"),
        ("round", "init", "r", "--year", "2025", "--roster"),
    ],
)
def test_a_pipe_is_no_file_for_an_option(
    wb_tool: WbTool, good: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")

    done = wb_tool(*arguments, "link")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "wb-tool: 不是普通文件 (not a regular file): link\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.xlsx", "link", "pipe"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "good.xlsx"),
        ("template", "-o", "x.xlsx", "--year", "2026", "--agency", "某局"),
        ("round", "issue"),
    ],
)
def test_a_prior_of_no_name_is_refused(
    wb_tool: WbTool, good: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = wb_tool(*arguments, "--prior", "")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--prior" in done.stderr
    assert "an empty name" in done.stderr
    assert list(tmp_path.iterdir()) == [good]
    assert "an empty name" in wb_tool("report", "").stderr


def test_report_says_that_the_data_have_errors(wb_tool: WbTool, bad: Path) -> None:
    done = wb_tool("report", "bad.xlsx")

    assert (done.returncode, done.stdout) == (1, "")
    assert "还有 1 处错误" in done.stderr

    draft = wb_tool("report", "bad.xlsx", "--draft")
    assert draft.returncode == 0
    assert "草稿" in draft.stdout.splitlines()[0]


def test_prior_of_another_year_or_agency_is_said(wb_tool: WbTool, good: Path) -> None:
    done = wb_tool("template", "-o", "x.xlsx", "--year", "2025", "--agency", "某局", "--prior", "good.xlsx")

    assert done.returncode == 0
    assert done.stderr.count("--prior") == 2


def test_data_are_written_as_utf8_whatever_the_terminal(wb_tool: WbTool, good: Path) -> None:
    assert "柳湾街道" in wb_tool("export", "good.xlsx", PYTHONIOENCODING="ascii").stdout


def test_many_files_are_judged_in_order_by_several_processes(
    wb_tool: WbTool, good: Path, bad: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(70):
        source = bad if number % 7 == 0 else good
        (folder / f"{number:03}.xlsx").write_bytes(source.read_bytes())
    (folder / "035.xlsx").write_bytes(b"junk")

    result = json.loads(wb_tool("check", "many", "--format", "json").stdout)

    statuses = [entry["status"] for entry in result["files"]]
    assert [Path(entry["file"]).stem for entry in result["files"]] == [f"{n:03}" for n in range(70)]
    assert [n for n, status in enumerate(statuses) if status == "fail"] == [0, 7, 14, 21, 28, 42, 49, 56, 63]
    assert statuses[35] == "unreadable"
    assert result["summary"] == {"pass": 60, "warn": 0, "fail": 9, "unreadable": 1}


@pytest.mark.parametrize("arguments", [("check", "good.xlsx"), ("check", "good.xlsx", "--format", "json")])
def test_check_loads_no_library_that_it_does_not_need(
    good: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    loaded = _modules_after(arguments, tmp_path)

    assert not {"openpyxl", "xlsxwriter", "python_calamine", "msoffcrypto", "rich"} & loaded
    assert "workbook_tool.excel.gate" in loaded
    assert "workbook_tool.excel.build" not in loaded
