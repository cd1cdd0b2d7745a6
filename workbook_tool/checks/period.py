"""N-05: year and period in the prose are those of the report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook_tool.checks.quotation import finding_about
from workbook_tool.report import OPENING
from workbook_tool.rules import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

_YEAR = r"(?<!\d)(20\d\d)\s{0,3}年"
_DAY = r"\s{0,3}(\d{1,2})\s{0,3}月\s{0,3}(\d{1,2})\s{0,3}日"
_PERIOD = re.compile(
    r"(?:统计(?:期限|时间|时限|周期|区间)|所列(?:统计)?数据|数据的?期限|报告期)[^。；;\n]{0,16}?"
    rf"{_YEAR}{_DAY}\s{{0,3}}起?\s{{0,3}}[,，]?\s{{0,3}}(?:至|到|-|—|－|–|~|～)+\s{{0,3}}(?:(20\d\d)\s{{0,3}}年)?{_DAY}"
)
_QUOTED = re.compile(r"《[^《》\n]*》|[(（〔][^()（）〔〕\n]*[)）〕]")
_ANNOUNCED = re.compile(
    rf"(?:现将|编制|公布|发布)[^。；;\n]{{0,30}}?{_YEAR}度?[^。，,；;\n]{{0,30}}?(?:报告|年报|情况)"
)
_AS_TITLE = re.compile(rf"{_YEAR}度?政府信息公开(?:工作)?(?:年度)?报告")
# A sentence whose subject is the year and we: "2023年，我局…". What happened since then reads otherwise.
_SUBJECT = re.compile(
    rf"(?:^|(?<=[。\n]))[ \t　]{{0,4}}{_YEAR}(?:度[ \t　]?[,，]?|[ \t　]?[,，]|(?=[我本全]))[ \t　]?"
    r"(?:[我本全](?!国|面)|在|[\u4e00-\u9fff]{2,14}?(?:街道|镇|乡|局|委|办|政府|中心|院|厅|区|县|市|处))"
)
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


def check_period(report: Report) -> Iterator[Finding]:
    """The statistical period is the whole year of the report, and what the prose is about is that year.

    History may be mentioned.
    """
    if report.year is None:
        return
    for text_id, text in report.texts.items():
        for found in _PERIOD.finditer(text):
            if _as_days(found) != (report.year, 1, 1, report.year, 12, 31):
                start = found.start(1)
                whole = f"{report.year}年1月1日至{report.year}年12月31日"
                yield finding_about(
                    report, "N-05", Passage(text_id, start, found.end()), "period", expected=whole
                )
    yield from _announced(report, report.year)
    yield from _subject_of(report, report.year)


def _as_days(found: re.Match[str]) -> tuple[int, ...]:
    first, month, day, last, last_month, last_day = found.groups()
    return tuple(map(int, (first, month, day, last or first, last_month, last_day)))


def _announced(report: Report, year: int) -> Iterator[Finding]:
    """The report that the opening announces is this year's; titles of other documents are not looked at."""
    text = _QUOTED.sub(lambda quoted: "　" * len(quoted[0]), report.opening)
    told: set[int] = set()
    for pattern in (_ANNOUNCED, _AS_TITLE):
        for found in pattern.finditer(text):
            if int(found[1]) != year and found.start(1) not in told:
                told.add(found.start(1))
                passage = Passage(OPENING, found.start(1), found.end())
                yield finding_about(report, "N-05", passage, expected=f"{year}年")


def _subject_of(report: Report, year: int) -> Iterator[Finding]:
    """A narrative that tells what was done in a year, and never names the report's, is another year's."""
    spelled = str(year).translate(_CHINESE_DIGITS)
    own = (str(year), spelled, spelled.replace("〇", "○"))
    for text_id in ("s1", "s6"):
        text = report.narratives.get(text_id, "")
        found = _SUBJECT.search(text)
        if found and not any(word in text for word in own):
            passage = Passage(text_id, found.start(1), text.index("年", found.end(1)) + 1)
            yield finding_about(report, "N-05", passage, expected=f"{year}年")
