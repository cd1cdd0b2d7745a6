"""Whose report a text is, and on which year: from its title, or else from what it says, which is said."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.forms import cover_words
from workbook_tool.rules import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_YEAR = r"(?:19|20)\d\d"
_AGENCY = r"[^\d\s|<>:《》][^|<>:《》]{0,79}?"
_TITLES = (
    re.compile(rf"^(?P<agency>(?:{_AGENCY})?)(?P<year>{_YEAR})\s*年度?\s*政府信息公开.*报告$"),
    re.compile(rf"^(?P<year>{_YEAR})\s*年度?(?P<agency>{_AGENCY})政府信息公开.*报告$"),
    re.compile(rf"^(?P<agency>(?:{_AGENCY})?)(?P<year>)政府信息公开工作年度报告$"),
)
_LONGEST_TITLE = 200
_NOT_AN_AGENCY = ("现将", "关于", "根据", "按照")
_AROUND_TITLE = re.compile(r"^(?:标题\s*:|.*[>›»])\s*|^[《<〈]|[》>〉]$|\s*\([^()]*版\)$")
_SITE = re.compile(r"\s*[-_|–—－＿｜]+\s*")
_AGENCY_LINE = re.compile(
    r"[\u4e00-\u9fff()（）]{2,30}(?:政府|办公[室厅]|街道|办事处|委员会|[局委厅院署处会]|中心|[镇乡])"
)
_UNFINISHED = re.compile(rf"(?:{_YEAR}\s*年?度?|政府信息|公开|工作|年度)$")
_PERIOD = re.compile(rf"({_YEAR})\s*年\s*1\s*月\s*1\s*日")
_ANY_YEAR = re.compile(rf"({_YEAR})\s*年")
_AGENCY_IN_TEXT = re.compile(
    rf"{_YEAR}\s*年度?[,，]?"
    r"([\u4e00-\u9fff]{2,20}?(?:街道办事处|街道|人民政府|镇政府|乡政府|委员会|管委会|[局委厅院镇乡]))"
)
_PAGE_MATTER = re.compile(
    r"^(来源|信息来源|发布日期|发布时间|发布机构|时间|字号|浏览次数|索引号|文号|栏目|标题)\s*[:：]"
    r"|^[(（]?\s*\d{4}\s*年\s*\d+\s*月\s*\d+\s*日\s*[)）]?$"
    r"|^草稿[(（]"
)


class Titles(NamedTuple):
    """Where a title may stand: the names of a source, the lines above the first section, those around."""

    named: Sequence[str]
    above: Sequence[str]
    around: Sequence[str] = ()


class Subject(NamedTuple):
    """Agency and year, the opening sentences, and what was not certain about them."""

    agency: str
    year: int | None
    opening: str
    findings: tuple[Finding, ...]


class _Title(NamedTuple):
    """What a title says: an empty agency or year is not in it."""

    agency: str
    year: str
    lines: tuple[str, ...]


def find_subject(titles: Titles, paragraphs: Sequence[str]) -> Subject:
    """The subject of a report: from its `titles`, or else from `paragraphs`, which are all its prose.

    What a page around the report names counts only if it names one, so that a list of reports does not.
    """
    above = [*_titles_in(titles.above)]
    found = [title for line in titles.named for title in _in_name(line)] + above
    around = {title[:2]: title for title in _titles_in(titles.around)}
    found += around.values() if len(around) == 1 else ()
    shown = {line for title in found for line in title.lines}
    opening = "\n".join(line for line in titles.above if line not in shown and not _PAGE_MATTER.match(line))
    text = "\n".join(paragraphs)
    agency = next((title.agency for title in found if title.agency), "")
    year = next((title.year for title in found if title.year and title.agency in {"", agency}), "")
    findings: list[Finding] = []
    if not agency:
        agency = _most_named(_AGENCY_IN_TEXT, text)
        findings += [*_missing(agency), *_from_text("agency", agency)]
    if not year:
        year = _year_in(text)
        findings += _from_text("year", year)
    return Subject(agency, int(year) if year else None, opening, tuple(findings))


def _titles_in(lines: Sequence[str]) -> Iterator[_Title]:
    """The titles among `lines`; one may take two of them."""
    for before, line in zip(["", *lines], lines, strict=False):
        title = _title(line)
        if title and not title.agency and before:
            goes_on = _AGENCY_LINE.fullmatch(before) or _UNFINISHED.search(before)
            whole = _title(before.strip() + line.strip()) if goes_on else None
            title = whole._replace(lines=(before, line)) if whole else title
        if title:
            yield title


def _in_name(line: str) -> Iterator[_Title]:
    """The title in what a source calls itself, before or after the name of the site."""
    for part in (*_SITE.split(line), line):
        title = _title(part)
        if title:
            yield title._replace(lines=(line, part))
            return


def names_report(line: str) -> bool:
    """Whether `line` is a report's title."""
    return _title(line) is not None


def _title(line: str) -> _Title | None:
    if len(line) > _LONGEST_TITLE:
        return None
    said = _AROUND_TITLE.sub("", _AROUND_TITLE.sub("", _digits(line))).strip()
    for pattern in _TITLES:
        found = pattern.match(said)
        if found and not found["agency"].startswith(_NOT_AN_AGENCY):
            return _Title(found["agency"].strip(), found["year"], (line,))
    return None


def _digits(line: str) -> str:
    """`line` with full-width digits and colons as ASCII ones, all else as it stands."""
    return "".join(
        unicodedata.normalize("NFKC", character) if character.isdecimal() or character == ":" else character
        for character in line.strip()
    )


def _missing(agency: str) -> Iterator[Finding]:
    if not agency:
        words = cover_words("agency")
        yield Finding("W-10", Place(words), "missing", details={"field": words})


def _from_text(field_id: str, found: str) -> Iterator[Finding]:
    if found:
        words = cover_words(field_id)
        yield Finding("W-10", Place(words), "from_text", found=found, details={"field": words})


def _year_in(text: str) -> str:
    """The year of the statistical period, or else the year named most often."""
    period = _PERIOD.search(text)
    return period[1] if period else _most_named(_ANY_YEAR, text)


def _most_named(pattern: re.Pattern[str], text: str) -> str:
    named = Counter(pattern.findall(text))
    return named.most_common(1)[0][0] if named else ""
