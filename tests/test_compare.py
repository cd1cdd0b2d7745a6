"""Units side by side: the figures, who stands out and in which words, and the page that shows them."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import WbTool, fits_everybody
from tests.editing import edited, sample_report
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.peers import Analysis, Listed, Stand, analyse, sort_out
from workbook_tool.peers.indicators import cells_shown, groups, indicators
from workbook_tool.peers.page import compare_page
from workbook_tool.peers.statistics import middle, robust_scores
from workbook_tool.phrase import Phrase
from workbook_tool.renderers import render
from workbook_tool.rules import Place

HOSTILE = "<script>window.hit = 1</script>\"><img src=x onerror='window.hit = 1'> {{ 7 * 7 }}"
FORMULA = '=HYPERLINK("http://example.org","甲")'
FIRST = "#units ~ .scroll table"
"""The first table of the units."""

NUMBERS = st.lists(st.floats(-1e12, 1e12), max_size=40)
Values = dict[str, int | Decimal | None]


def figures(number: int = 0, **changed: int | None) -> Values:
    """The figures of a unit, much like those of the next; `changed` by the row of table 三."""
    values: Values = {cell: 0 for cell in cells_shown() if not cell.startswith("t3.outcome.other.total")}
    values |= {
        "t3.received.total": 100 + number,
        "t3.received.natural": 90,
        "t3.outcome.total.total": 100 + number,
        "t3.outcome.granted.total": 40 + number % 5,
        "t3.outcome.refused.deliberative.total": 10 + number % 3,
    }
    return values | {f"t3.{row}.total".replace("__", "."): figure for row, figure in changed.items()}


def unit(number: int, values: Values | None = None, *, year: int = 2025, **other: Any) -> Stand:
    """A source of a comparison, without a file."""
    stated = figures(number) if values is None else values
    fields: dict[str, Any] = {
        "source": f"{year}/{number:03d}.xlsx",
        "status": "pass",
        "agency": f"第{number}街道办事处",
        "code": f"TEST{number:04d}",
        "level": "乡镇街道",
        "year": year,
        "edition": "2021",
        "values": stated,
        "places": {
            cell: Place(sheet="三 收到和处理申请", cell=f"J{place}") for place, cell in enumerate(stated)
        },
    }
    return Stand(**(fields | other))


def many(count: int) -> Analysis:
    """Units of two years, among them hostile names, one that fails, and one that stands out."""
    chance = random.Random(8)
    this: list[Stand] = []
    last: list[Stand] = []
    for number in range(count):
        size = int(10 ** chance.uniform(1.5, 3))
        names: dict[str, Any] = {} if number not in (3, 4) else {"agency": (HOSTILE, FORMULA)[number - 3]}
        for year, where in ((2024, last), (2025, this)):
            granted = int(size * (chance.uniform(0.35, 0.5) if number != 7 else 0.01))
            values = figures(number, received=size, outcome__total=size, outcome__granted=granted)
            status = "fail" if number == 5 and year == 2025 else "pass"
            where.append(
                unit(number, values, year=year, status=status, why="不平" * (status == "fail"), **names)
            )
    return analyse(sort_out(this, last))


def page_of(analysis: Analysis, language: str = "zh") -> str:
    links = {one.stand.source: f"./{one.stand.source}" for one in analysis.sorted.units}
    return compare_page(analysis, links, language, failing=False)


@given(NUMBERS, st.randoms())
def test_scores_do_not_depend_on_the_order(numbers: list[float], chance: random.Random) -> None:
    order = list(range(len(numbers)))
    chance.shuffle(order)

    scores = robust_scores(numbers)
    assert robust_scores([numbers[place] for place in order]) == [scores[place] for place in order]
    assert middle([numbers[place] for place in order]) == middle(numbers)


@given(st.floats(-1e12, 1e12), st.integers(0, 40))
def test_where_all_say_the_same_nobody_stands_out(number: float, count: int) -> None:
    assert robust_scores([number] * count) == [0.0] * count


@given(NUMBERS.filter(bool))
def test_the_median_itself_has_no_score_and_sides_are_kept(numbers: list[float]) -> None:
    found = middle(numbers)
    assert found is not None
    for number, score in zip(numbers, robust_scores(numbers), strict=True):
        assert score * (number - found.median) >= 0


def test_scores_as_worked_out_by_hand() -> None:
    # The median is 3, the distances 2, 1, 0, 1 and 97, their median 1.
    assert robust_scores([1, 2, 3, 4, 100]) == pytest.approx([-1.349, -0.6745, 0, 0.6745, 97 * 0.6745])


def test_where_most_say_the_same_the_mean_distance_measures() -> None:
    scores = robust_scores([5.0] * 9 + [15.0])
    assert scores[:9] == [0.0] * 9
    assert scores[9] == pytest.approx(10 / 1.253314)


@settings(max_examples=20)
@given(st.permutations(range(12)))
def test_the_comparison_does_not_depend_on_the_order_of_the_files(order: list[int]) -> None:
    stands = [unit(number) for number in range(11)]
    stands.append(unit(11, figures(11, outcome__granted=99)))

    def told(found: list[Stand]) -> object:
        analysis = analyse(sort_out(found))
        names = [one.stand.agency for one in analysis.sorted.units]
        return analysis.together[0].number, {
            (names[one.unit], one.indicator.id, one.score) for one in analysis.outliers
        }

    assert told([stands[place] for place in order]) == told(stands)


def test_a_unit_that_stands_out_is_told_in_words() -> None:
    stands = [
        *map(unit, range(11)),
        unit(11, figures(11, outcome__granted=105, outcome__refused__deliberative=0)),
    ]
    text = page_of(analyse(sort_out(stands)))

    assert re.search(r"比 12 个同类单位的中位数 \d\d\.\d% 高 \d\d\.\d 个百分点", text)
    assert "▲" in text
    assert "above the median of 12 units of its kind" in page_of(analyse(sort_out(stands)), "en")


@pytest.mark.parametrize("count", [0, 1, 7])
def test_few_units_are_shown_and_not_judged(count: int) -> None:
    stands = [unit(number, figures(number, outcome__granted=number * 14)) for number in range(count)]
    analysis = analyse(sort_out(stands))
    text = page_of(analysis)

    assert not analysis.outliers
    assert ("没有可以比较的报告" in text) == (count == 0)
    assert ("没有判断的：乡镇街道" in text) == (count > 0)


def test_units_are_held_against_those_of_their_level() -> None:
    streets = [unit(number) for number in range(10)]
    bureaus = [unit(number, figures(number, outcome__granted=90), level="") for number in range(10, 20)]

    assert not analyse(sort_out([*streets, *bureaus])).outliers
    roster = [Listed(one.code, "", "县区部门") for one in [*streets, *bureaus]]
    assert analyse(sort_out([*streets, *bureaus], roster=roster)).kinds == {"县区部门": 20}


def test_what_is_not_stated_is_no_nought() -> None:
    blank = unit(1, dict.fromkeys(cells_shown()))
    lacking = unit(2, {}, places={}, edition="2019")
    undecided = unit(3, undecided=frozenset({"t3.received.total"}))
    analysis = analyse(sort_out([unit(0), blank, lacking, undecided]))

    received = analysis.together[0]
    assert received.number == 100
    assert received.units == 1
    assert [row["received"].number for row in analysis.table] == [100, None, None, None]
    assert analysis.table[0]["reconsideration_corrected"].number is None, "there is no share of nothing"
    assert "2019年版 1 个、2021年版 3 个" in page_of(analysis)


def test_other_handling_is_the_same_in_either_edition() -> None:
    one_row = {cell: figure for cell, figure in figures(0).items() if not cell.startswith("t3.outcome.other")}
    one_row |= {"t3.outcome.other.total": 7}
    three = figures(0, outcome__other__uncorrected=3, outcome__other__other=4)

    table = analyse(sort_out([unit(0, one_row, edition="2019"), unit(1, three)])).table
    assert [row["other"].number for row in table] == [Fraction(7, 100)] * 2


def test_a_share_of_all_is_that_of_the_sums_and_last_year_of_those_who_state_both() -> None:
    this = [unit(0, figures(0, received=100)), unit(1, figures(1, received=300))]
    last = [unit(0, figures(0, received=80), year=2024)]
    analysis = analyse(sort_out(this, last))
    known = {one.indicator.id: one for one in analysis.together}

    assert known["received"].number == 400
    assert [known["received"].pair.before, known["received"].pair.number] == [80, 100]
    assert known["received"].pairs == 1
    assert known["natural"].number == Fraction(180, 400)
    assert analysis.sorted.aside["no_last"] == ("第1街道办事处 2025 (2025/001.xlsx)",)


def test_what_is_left_out_is_named() -> None:
    found = [
        *map(unit, (1, 2, 3, 4)),
        unit(1, source="copy.xlsx"),
        unit(2, figures(9), source="second.xlsx", code=""),
        unit(3, figures(9), source="first.xlsx", status="fail"),
        unit(5, status="fail", why="不平"),
        unit(6, year=2023),
        unit(7, source="sum.xlsx", members=frozenset({"TEST0001"})),
        Stand("junk.xlsx", "unreadable", "读不出来"),
    ]
    roster = [Listed(f"TEST{number:04d}", f"第{number}街道办事处") for number in (1, 2, 3, 5, 9)]
    sorted_out = sort_out(found, roster=roster)

    counted = [one.stand.source for one in sorted_out.units if one.counted]
    assert counted == [f"2025/00{number}.xlsx" for number in (1, 3)]
    known = dict.fromkeys(
        ["unreadable", "rollups", "other_year", "copies", "passing_one", "failing", "strange", "missing"], 1
    )
    assert {why: len(names) for why, names in sorted_out.aside.items()} == known | {"several": 2}
    assert sorted_out.aside["missing"] == ("第9街道办事处",)
    text = page_of(analyse(sorted_out))
    for said in ("junk.xlsx: 读不出来", "copy.xlsx", "second.xlsx", "sum.xlsx", "第9街道办事处", "不计入"):
        assert said in text
    assert "failing" not in sort_out(found, include_failing=True).aside


def test_roll_ups_are_units_where_their_own_units_are_not() -> None:
    districts = [unit(number, members=frozenset({f"TEST1{number:03d}"})) for number in range(3)]

    assert [one.counted for one in sort_out(districts).units] == [True] * 3


def test_a_number_too_large_for_any_float_breaks_nothing() -> None:
    stands = [*map(unit, range(11)), unit(11, figures(11, received=10**400))]
    text = page_of(analyse(sort_out(stands, [unit(11, year=2024)])))

    assert "1" + "0" * 400 in text


def test_every_indicator_has_a_group_and_cells_of_a_form() -> None:
    assert {one.group for one in indicators()} == set(groups())
    assert {cell for one in indicators() for cell in (*one.of, *one.by)} == set(cells_shown())
    assert all(bool(one.by) == one.is_share for one in indicators())


def test_places_in_documents_are_told_as_they_are() -> None:
    place = Place(Phrase("表三", "table 3"), source=Phrase("第 2 页 表 1 第 3 行", "page 2, table 1, row 3"))
    stand = unit(0, places=dict.fromkeys(figures(), place))

    assert "第 2 页 表 1 第 3 行" in page_of(analyse(sort_out([stand])))


def test_the_page_is_one_file_and_runs_nothing_of_strangers() -> None:
    text = page_of(many(20))
    links = re.findall(r"(?:src|href)=[\"']?([^\"' >]+)", text.replace("&lt;img src=x", ""))

    assert all(link.startswith(("#", "./2025/", "./2024/")) for link in links)
    assert text.count("<script>") == 1
    assert "script-src 'sha256-" in text
    assert "&lt;script&gt;" in text
    assert "{{ 7 * 7 }}" in text
    assert not re.search(r"@import|url\(| style=| on\w+=", re.sub(r"&lt;.*?&gt;", "", text))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of this year's reports in several formats and one of last year's, and a roster."""
    for year in (2024, 2025):
        (tmp_path / str(year)).mkdir()
        report = sample_report(year=year)
        (tmp_path / str(year) / "a.xlsx").write_bytes(workbook_bytes(report))
    (tmp_path / "2025" / "javascript:b #1.txt").write_text(
        str(render(sample_report(), "txt")).replace("柳湾", "<b>荷塘</b>"), encoding="utf-8"
    )
    (tmp_path / "2025" / "junk.xlsx").write_bytes(b"junk")
    (tmp_path / "2025" / "wrong.xlsx").write_bytes(
        edited(sample_report(cover={"agency_code": "W1"}), [{"type": 21, "into": "t3.received.natural"}])
    )
    (tmp_path / "roster.csv").write_text("单位名称,单位代码\n没来的单位,X9\n", encoding="utf-8")
    return tmp_path


def test_the_command_reads_any_source_and_leads_to_its_cell(wb_tool: WbTool, folder: Path) -> None:
    done = wb_tool("compare", "2025", "--prior", "2024", "--roster", "roster.csv", "-o", "page.html")

    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    text = (folder / "page.html").read_text(encoding="utf-8")
    assert 'href="./2025/a.xlsx"' in text
    assert "./2025/javascript%3Ab%20%231.txt" in text
    assert "没来的单位" in text
    assert "junk.xlsx" in text
    assert re.search(r"<tr id=u\d+-\d+><th>一、本年新收<td>\d+<td>\d+<td>J7", text)
    assert wb_tool("compare", "2025", "-o", "page.html").returncode == 2, "never over a file that is there"


def test_the_command_is_content_where_nothing_is_wrong(wb_tool: WbTool, folder: Path) -> None:
    done = wb_tool("compare", "2025/a.xlsx", "--prior", "2024/a.xlsx", "--lang", "en")

    assert done.returncode == 0, done.stderr
    assert '<html lang="en">' in done.stdout
    head = done.stdout.partition("</style>")[2].partition("<table")[0]
    assert not re.search("[一-鿿]", head)


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["empty"], ["2025", "--prior", "-"], ["2025", "--roster", "none.csv"]]
)
def test_the_command_refuses_what_is_not_there(wb_tool: WbTool, folder: Path, arguments: list[str]) -> None:
    (folder / "empty").mkdir()

    done = wb_tool("compare", *arguments)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on 200 units."""
    path = tmp_path_factory.mktemp("compare") / "page.html"
    path.write_text(page_of(many(200)), encoding="utf-8")
    return path


@pytest.mark.browser
def test_in_a_browser_200_units_fit_and_are_accessible(page: Path, tab: Any) -> None:
    fits_everybody(tab, page, 1280)


@pytest.mark.browser
def test_in_a_narrow_window_it_fits_too(tmp_path: Path, tab: Any) -> None:
    (tmp_path / "page.html").write_text(page_of(many(12)), encoding="utf-8")
    fits_everybody(tab, tmp_path / "page.html", 390)


@pytest.mark.browser
def test_tables_are_sorted_by_keyboard(page: Path, tab: Any) -> None:
    tab.goto(page.as_uri())
    column = f"[...document.querySelector('{FIRST}').tBodies[0].rows].map(row => row.cells[3].textContent)"
    stated = [int(re.sub(r"\D", "", text)) for text in tab.evaluate(column)]
    head = tab.locator(FIRST).first.locator("thead th").nth(3)

    head.locator("button").focus()
    tab.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert [int(re.sub(r"\D", "", text)) for text in tab.evaluate(column)] == sorted(stated, reverse=True)
    tab.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "ascending"
    assert [int(re.sub(r"\D", "", text)) for text in tab.evaluate(column)] == sorted(stated)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert tab.locator(FIRST).first.locator("[aria-sort]").count() == 1


@pytest.mark.browser
def test_a_figure_leads_to_its_file_and_cell(page: Path, tab: Any) -> None:
    tab.goto(page.as_uri())
    tab.locator(FIRST).first.locator("tbody td a").first.click()

    target = tab.evaluate("location.hash.slice(1)")
    assert tab.locator(f"#{target}").is_visible()
    assert "J" in tab.locator(f"#{target}").inner_text()
    assert tab.locator("details[open] a").first.get_attribute("href") == "./2025/000.xlsx"


@pytest.mark.browser
def test_a_name_leads_to_the_units_figures_by_keyboard(page: Path, tab: Any) -> None:
    tab.goto(page.as_uri())
    tab.locator(FIRST).first.locator("tbody th a").nth(3).focus()
    tab.keyboard.press("Enter")

    tab.locator("#u4 table").wait_for(state="visible")
    assert HOSTILE in tab.locator("#u4 summary").inner_text()
    assert tab.evaluate("window.hit") is None
    assert tab.evaluate("document.querySelectorAll('img').length") == 0
