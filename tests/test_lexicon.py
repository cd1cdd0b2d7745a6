"""The lexicon: that it is sound, may be added to, and finds slips that nobody told it of."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.conftest import SHARED, WbTool
from tests.editing import findings_of, sample_report
from tests.texts import with_texts
from workbook_tool import FormError
from workbook_tool.checks import Basis, check
from workbook_tool.checks.lexicon import Slip, check_slips, read_lexicon
from workbook_tool.checks.quotation import MOST
from workbook_tool.report import Reading
from workbook_tool.resources import resource
from workbook_tool.sources import open_report

OURS = read_lexicon(resource("templates/lexicon.toml"))


def _lexicon(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_slip_is_listed_once_and_its_right_form_is_right() -> None:
    wrong = [slip.wrong for slip in OURS]

    assert len(wrong) == len(set(wrong)) >= 250
    for slip in OURS:
        report = with_texts(sample_report(), s1=slip.right)
        assert list(check_slips(report, Basis())) == [], slip


@pytest.mark.parametrize("slip", [slip for slip in OURS if slip.unless], ids=lambda slip: slip.wrong)
def test_correct_words_in_which_a_slip_turns_up_are_left_alone(slip: Slip) -> None:
    report = with_texts(sample_report(), s1="，".join(slip.unless))

    assert slip.wrong not in {finding.found for finding in check_slips(report, Basis())}


@pytest.mark.shared
def test_the_slips_of_a_real_report_are_found_and_nothing_else() -> None:
    reading = open_report(SHARED / "design" / "seed-report.txt")
    found = [(f.rule, f.case, f.found) for f in check(reading) if f.rule in ("N-10", "N-11")]

    assert sorted(found) == [
        ("N-10", "bare", "五"),
        ("N-11", "", "各各"),
        ("N-11", "", "阳关下运行"),
        ("N-11", "comma", ",和工作能力"),
        ("N-11", "fragment", "通过数字东城对机关职能、机构设置、办公地址、办公时间、联系方式、领导信息等。"),
    ]


def test_a_lexicon_of_ones_own_adds_to_ours_and_may_correct_it(tmp_path: Path, wb_tool: WbTool) -> None:
    own = _lexicon(
        tmp_path,
        '[[slip]]\nwrong = "移送纸质文本"\nright = "移交纸质文本"\n\n'
        '[[slip]]\nwrong = "台帐"\nright = "台账"\nunless = ["旧台帐"]\n',
    )
    report = sample_report()
    text = f"{report.narratives['s1']}\n登记旧台帐，布署工作。"
    slips = check_slips(with_texts(report, s1=text), Basis(lexicon=read_lexicon(own)))

    assert [(f.found, f.expected) for f in slips] == [("移送纸质文本", "移交纸质文本"), ("布署", "部署")]

    (tmp_path / "a.txt").write_bytes(resource("samples/report.txt").read_bytes())
    assert "移交纸质文本" in wb_tool("check", "a.txt", "--lexicon", "own.toml").stdout
    assert "移交纸质文本" not in wb_tool("check", "a.txt").stdout


@pytest.mark.parametrize(
    "text",
    [
        "slip = 1",
        "[[slip]]\nwrong = '甲乙'",
        "[[slip]]\nwrong = '甲'\nright = '乙'",
        "[[slip]]\nwrong = '甲乙'\nright = '甲乙'",
        "[[slip]]\nwrong = '甲乙'\nright = '乙甲'\nnote = ''",
        "[[slip]]\nwrong = '甲乙'\nright = '乙甲'\nunless = ['丙丁']",
        "[[slips]]\nwrong = '甲乙'\nright = '乙甲'",
        "[[slip]",
    ],
)
def test_a_broken_lexicon_is_refused(tmp_path: Path, wb_tool: WbTool, text: str) -> None:
    path = _lexicon(tmp_path, text)
    with pytest.raises(FormError, match=r"own\.toml: .*[\u4e00-\u9fff].*\([a-z]|TOML"):
        read_lexicon(path)

    (tmp_path / "a.txt").write_bytes(resource("samples/report.txt").read_bytes())
    done = wb_tool("check", "a.txt", "--lexicon", "own.toml")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_missing_lexicon_is_refused(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(resource("samples/report.txt").read_bytes())

    assert wb_tool("check", "a.txt", "--lexicon", "none.toml").returncode == 2


def test_slips_are_told_in_a_workbook_at_their_paragraph() -> None:
    found = findings_of({"steps": [{"type": "布署工作，\n再布署。", "into": "s5__problems__2"}]})

    assert [(f.rule, f.place.cell, f.found) for f in found] == [("N-11", "B5", "布署")]


def test_ten_thousand_characters_are_no_burden() -> None:
    report = sample_report()
    text = (report.narratives["s1"] * 30)[:10_000]
    reading = Reading(with_texts(report, s1=text))
    list(check(reading))

    def seconds() -> float:
        start = time.perf_counter()
        list(check(reading))
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 0.5, "a guard against powers of the length, not a measurement"


def test_a_lexicon_of_twenty_thousand_words_is_no_burden() -> None:
    basis = Basis(lexicon=tuple(Slip(f"政府{number}号", "政府") for number in range(20_000)))
    text = "\n".join(slip.wrong for slip in basis.lexicon)

    start = time.perf_counter()
    told = list(check_slips(with_texts(sample_report(), s1=text), basis))
    assert time.perf_counter() - start < 3, "far above what it takes, so that a slow machine does not matter"
    assert len([finding for finding in told if finding.passage and finding.passage.text == "s1"]) == MOST
