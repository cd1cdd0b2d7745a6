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
_PERIOD = re.compile(rf"({_YEAR})\s*年\s*1\s*月\s*1\s*日")
_ANY_YEAR = re.compile(rf"({_YEAR})\s*年")
_AGENCY_IN_TEXT = re.compile(
    rf"{_YEAR}\s*年度?[,,]?"
    r"([\u4e00-\u9fff]{2,20}?(?:街道办事处|街道|人民政府|镇政府|乡政府|委员会|管委会|[局委厅院镇乡]))"
)
_PAGE_MATTER = re.compile(
    r"^(来源|信息来源|发布日期|发布时间|发布机构|时间|字号|浏览次数|索引号|文号|栏目|标题)\s*[::]"
    r"|^[((]?\s*\d{4}\s*年\s*\d+\s*月\s*\d+\s*日\s*[))]?$"
)


class Subject(NamedTuple):
    """Agency and year, the opening sentences, and what was not certain about them."""

    agency: str
    year: int | None
    opening: str
    findings: tuple[Finding, ...]


def find_subject(before: Sequence[str], paragraphs: Sequence[str]) -> Subject:
    """The subject of a report: `before` are the lines above the first section, `paragraphs` all prose."""
    titles = [(line, found) for line in before if (found := _match(line))]
    opening = [line for line in before if not _PAGE_MATTER.match(line) and not _match(line)]
    if titles:
        _, found = titles[0]
        agency, year = found["agency"].strip(), int(found["year"]) if found["year"] else None
        return Subject(agency, year, "\n".join(opening), tuple(_missing(agency)))
    text = "\n".join(paragraphs)
    agency, year = _most_named(_AGENCY_IN_TEXT, text), _year_in(text)
    findings = [*_missing(agency), *_from_text("agency", agency), *_from_text("year", str(year or ""))]
    return Subject(agency, year, "\n".join(opening), tuple(findings))


def _match(line: str) -> re.Match[str] | None:
    if len(line) > _LONGEST_TITLE:
        return None
    line = _AROUND_TITLE.sub("", _AROUND_TITLE.sub("", _digits(line))).strip()
    for pattern in _TITLES:
        found = pattern.match(line)
        if found and not found["agency"].startswith(_NOT_AN_AGENCY):
            return found
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


def _year_in(text: str) -> int | None:
    """The year of the statistical period, or else the year named most often."""
    period = _PERIOD.search(text)
    named = period[1] if period else _most_named(_ANY_YEAR, text)
    return int(named) if named else None


def _most_named(pattern: re.Pattern[str], text: str) -> str:
    named = Counter(pattern.findall(text))
    return named.most_common(1)[0][0] if named else ""
