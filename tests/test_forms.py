"""Editions: what the shipped ones say, what the loader refuses, and that a new one needs no code."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WbTool
from workbook_tool import FormError
from workbook_tool.errors import OutputError, SourceError, WorkbookToolError
from workbook_tool.forms import edition_for, editions, form, lay_out, load_form
from workbook_tool.phrase import Phrase
from workbook_tool.resources import resource
from workbook_tool.rules import rule_book

MADE_UP = """
edition = "2031"
version = 1
first_year = 2031
notice = "某号"
name = { zh = "设想的格式", en = "made-up form" }
title = "{agency}{year}年政府信息公开工作年度报告"
opening = "依据某条例,编制本报告。"

[[section]]
id = "s1"
number = "一"
title = "总体情况"
tab = "一"
name = { zh = "第一部分", en = "Section 1" }
guide = "写。"
block = [{ id = "all", label = "正文", guide = "写。", free = true }]

[[section]]
id = "t2"
number = "二"
title = "来访情况"
tab = "二"
name = { zh = "表二", en = "Table 2" }
guide = "填。"

[[section.table]]
id = "t2"
corner = "项目"
heading = "来访人"
columns = [
  { id = "man", label = "男", en = "men" },
  { id = "woman", label = "女", en = "women" },
  { id = "all", label = "合计", en = "all", sum = ["man", "woman"], rule = "T3-02" },
]
rows = [
  { id = "came", label = "来访人次", en = "visits" },
  { id = "done", label = "办理", en = "handled" },
  { id = "done.at_once", label = "当场办结", en = "at once" },
  { id = "done.later", label = "限期办结", en = "later" },
  { id = "done.sum", label = "小计", en = "sum", sum = ["done.*"], rule = "T3-03" },
  { id = "open", label = "尚未办结", en = "open" },
  { id = "cost", label = "费用(元)", en = "cost", kind = "money" },
]

[[identity]]
rule = "T3-01"
table = "t2"
left = ["came"]
right = ["done.sum", "open"]
"""


MADE_UP_REPORT = """\
某局2031年政府信息公开工作年度报告
依据某条例,编制本报告。
一、总体情况
本年度各项公开工作均已按要求完成。
二、来访情况
项目 | 来访人
男 | 女 | 合计
来访人次 | 5 | 3 | 8
办理 | 当场办结 | 4 | 1 | 5
限期办结 | 1 | 0 | 1
小计 | 5 | 1 | 6
尚未办结 | 0 | 2 | 2
费用(元) | 0 | 12.5 | 12.5
"""


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    path = tmp_path / "2031.toml"
    path.write_text(MADE_UP, encoding="utf-8")
    return path


@pytest.mark.parametrize(("edition", "cells", "inputs"), [("2021", 200, 166), ("2019", 198, 166)])
def test_the_official_forms_have_their_cells(edition: str, cells: int, inputs: int) -> None:
    known = form(edition)

    assert len(known.cells) == cells
    assert sum(not cell.is_total for cell in known.cells.values()) == inputs


def test_each_year_has_its_edition() -> None:
    assert [edition_for(year).edition for year in (2019, 2020, 2021, 2030)] == [
        "2019",
        "2019",
        "2021",
        "2021",
    ]


def test_an_unknown_edition_is_refused_with_those_that_exist() -> None:
    with pytest.raises(FormError, match=r"2018.*2021"):
        form("2018")


@pytest.mark.parametrize("edition", editions())
def test_the_boxes_of_a_layout_tile_its_tables(edition: str) -> None:
    for section in form(edition).tabled:
        layout = lay_out(section)
        covered = [
            (row, column)
            for box in layout.boxes
            for row in range(box.row, box.row + box.height)
            for column in range(box.column, box.column + box.width)
        ]
        assert len(covered) == len(set(covered)), "no two boxes overlap"
        assert len(covered) == layout.height * layout.width, "no gap is left"


@pytest.mark.parametrize("edition", editions())
def test_defined_names_are_unique_and_without_dots(edition: str) -> None:
    names = [cell.name for cell in form(edition).cells.values()]

    assert len(names) == len(set(names))
    assert not any("." in name for name in names)


def _load(path: Path, old: str = "", new: str = "") -> Any:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_form(path, rule_book())


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("version = 1", "", "(top).version"),
        ("version = 1", 'version = "1"', "(top).version"),
        ("first_year = 2031", "first_year = true", "(top).first_year"),
        ('notice = "某号"', 'notice = "某号"\nnotcie = "x"', "(top).notcie"),
        ('guide = "写。"\nblock', 'guide = "写。"\nblocks', "section[0].blocks"),
        ("free = true", "free = false", "section[0].block"),
        ('corner = "项目"', "corner = 3", "section[1].table[0].corner"),
        ('id = "woman", label = "女"', 'id = "man", label = "女"', "section[1].table[0].columns"),
        ('{ id = "done", label = "办理", en = "handled" },', "", "section[1].table[0].rows.done.at_once"),
        ('sum = ["man", "woman"]', 'sum = ["child"]', "section[1].table[0].columns.all.sum"),
        (', rule = "T3-02"', "", "section[1].table[0].columns[2]"),
        ('rule = "T3-02"', 'rule = "T9-99"', "section[1].table[0].columns[2].rule"),
        ('kind = "money"', 'kind = "gold"', "section[1].table[0].rows[6].kind"),
        ('table = "t2"\nleft', 'table = "t9"\nleft', "identity[0].table"),
        ('left = ["came"]', 'left = ["went"]', "identity[0]"),
        ('left = ["came"]', 'relation = "less"\nleft = ["came"]', "identity[0].relation"),
        ('left = ["came"]', "left = []", "identity[0]"),
        ('edition = "2031"', 'edition = "2032"', "edition"),
        ("first_year = 2031", "first_year = 2031\nlast_year = 2030", "last_year"),
        ('tab = "一"', 'tab = "一/二"', "section[0].tab"),
        ('tab = "一"', 'tab = "二"', "section"),
        ('tab = "一"', 'tab = "封面"', "section[0].tab"),
        ('en = "visits"', 'en = "visits", prior = "gone"', "section[1].table[0].rows.came.prior"),
        ('title = "总体情况"', 'title = "总体情况', "(syntax)"),
    ],
)
def test_a_wrong_edition_file_is_refused_with_file_and_key(
    made_up: Path, old: str, new: str, key: str
) -> None:
    with pytest.raises(FormError) as refused:
        _load(made_up, old, new)

    assert refused.value.file == "2031.toml"
    assert refused.value.key == key


def test_a_new_edition_needs_only_its_file(tmp_path: Path, wb_tool: WbTool) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(resource("templates"), templates)
    (templates / "editions" / "2031.toml").write_text(MADE_UP, encoding="utf-8")
    (tmp_path / "report.txt").write_text(MADE_UP_REPORT, encoding="utf-8")

    def run(*arguments: str, code: int = 0) -> str:
        done = wb_tool(*arguments, folder=tmp_path, WB_TOOL_TEMPLATES=str(templates))
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    run("import", "report.txt", "-o", "filled.xlsx")
    run("check", "filled.xlsx", "--strict")
    assert run("report", "filled.xlsx") == MADE_UP_REPORT
    cells = json.loads(run("export", "filled.xlsx"))["cells"]
    assert (cells["t2.done.sum.all"], cells["t2.cost.woman"]) == (6, "12.5")
    (tmp_path / "wrong.txt").write_text(
        MADE_UP_REPORT.replace("来访人次 | 5", "来访人次 | 6"), encoding="utf-8"
    )
    assert "6，改为 5" in run("check", "wrong.txt", code=1)
    run("template", "-o", "blank.xlsx", "--year", "2031", "--agency", "某局")
    assert run("check", "blank.xlsx", code=1).count("V-04") == 1


OWN_FILES = [
    ("narrative.toml", None, "narrative.toml: line: 没有写 (is missing)"),
    ("rules.toml", None, "rules.toml: words: 没有写"),
    ("limits.toml", ("drop = 0.2", ""), "limits.toml: history.drop: 没有写"),
    ("limits.toml", ("drop = 0.2", 'drop = "0.2"'), "limits.toml: history.drop: 类型应为 number"),
    ("limits.toml", ("drop = 0.2", "drop = "), "limits.toml: (syntax): 不是 TOML 文本 (not TOML)"),
    ("prose.toml", None, "prose.toml: substance: 没有写"),
    ("workbook.toml", None, "workbook.toml: form: 没有写"),
    ("rules.toml", ('severity = "error"', 'severity = "grave"'), "severity: 要是其中之一 (must be one of)"),
    (
        "rules.toml",
        ('severity = "error"', 'severity = "error"\nmore = { en = "more" }'),
        "rules.toml: W-01: ",
    ),
    ("editions/2021.toml", None, "2021.toml: (top).edition: "),
]


@pytest.mark.parametrize(("name", "edit", "said"), OWN_FILES, ids=range(len(OWN_FILES)))
@pytest.mark.parametrize("files", [1, 40])
def test_faulty_templates_of_ones_own_are_told_in_one_line(
    wb_tool: WbTool, tmp_path: Path, name: str, edit: tuple[str, str] | None, said: str, files: int
) -> None:
    """However many files are checked: with many, several processes come upon the fault."""
    shutil.copytree(resource("templates"), tmp_path / "own")
    file = tmp_path / "own" / name
    text = file.read_text(encoding="utf-8")
    assert edit is None or edit[0] in text
    file.write_text(text.replace(*edit, 1) if edit else "", encoding="utf-8")
    (tmp_path / "in").mkdir()
    for number in range(files):
        (tmp_path / "in" / f"{number}.txt").write_text("", encoding="utf-8")
    shutil.copy(resource("samples/report.txt"), tmp_path / "in" / "report.txt")

    done = wb_tool("check", "in", "--format", "json", WB_TOOL_TEMPLATES=str(tmp_path / "own"))

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [("check", "report.txt"), ("template", "--year", "2025", "--agency", "某局", "-o", "x.xlsx")],
    ids=["check", "template"],
)
def test_a_folder_of_templates_without_editions_is_told(
    wb_tool: WbTool, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    shutil.copytree(resource("templates"), tmp_path / "own", ignore=shutil.ignore_patterns("20*.toml"))
    shutil.copy(resource("samples/report.txt"), tmp_path / "report.txt")

    done = wb_tool(*arguments, WB_TOOL_TEMPLATES="own")

    assert (done.returncode, done.stdout) == (2, "")
    assert "没有格式文件 (no edition files)" in done.stderr
    assert not (tmp_path / "x.xlsx").exists()


def test_a_page_template_of_ones_own_is_told_where_it_is_none(wb_tool: WbTool, tmp_path: Path) -> None:
    shutil.copytree(resource("templates"), tmp_path / "own")
    (tmp_path / "own" / "pages" / "findings.html.j2").write_text("{% if", encoding="utf-8")
    shutil.copy(resource("samples/report.txt"), tmp_path / "report.txt")

    done = wb_tool("check", "report.txt", "--format", "html", WB_TOOL_TEMPLATES=str(tmp_path / "own"))

    assert (done.returncode, done.stdout) == (2, "")
    assert "findings.html.j2: (template): 网页模板不能用" in done.stderr


def test_templates_of_ones_own_may_have_fewer_words_and_a_byte_order_mark(
    wb_tool: WbTool, tmp_path: Path
) -> None:
    shutil.copytree(resource("templates"), tmp_path / "own")
    (tmp_path / "own" / "lexicon.toml").write_text("slip = []", encoding="utf-8-sig")
    text = resource("samples/report.txt").read_text(encoding="utf-8") + "布署有关工作。\n"
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")

    assert "N-11" in wb_tool("check", "report.txt").stdout
    own = wb_tool("check", "report.txt", WB_TOOL_TEMPLATES=str(tmp_path / "own"))
    assert "N-11" not in own.stdout


@pytest.mark.parametrize(
    "error",
    [
        FormError("limits.toml", "history.drop", "没有写 (is missing)"),
        SourceError("large", {"most": "20 MB", "what": Phrase("一", "one")}),
        OutputError(Path("out.xlsx"), "exists"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_whole_out_of_another_process(error: WorkbookToolError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own

    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
