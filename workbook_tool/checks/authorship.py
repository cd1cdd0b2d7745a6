"""N-06: the agency that the prose names as its author is the one on the cover."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.checks.quotation import finding_about, words
from workbook_tool.report import OPENING
from workbook_tool.rules import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.report import Report
    from workbook_tool.rules import Finding

_YEAR = r"20\d\d\s{0,3}年(?:度)?"
_REGION = re.compile(r"[省市区县旗盟州]")
# Words that stand for an agency without naming it, or that another's name stands behind.
_NOT_A_NAME = re.compile(
    r"[我本各全该其的]|有关|相关|所属|下属|上级|党中央|国务院|[党市区县省]委|信息|公开|工作|^现将|^[由在]"
)
_SHORTEST_CORE = 2


def check_author(report: Report) -> Iterator[Finding]:
    """Who publishes the report, and who is the subject of its first sentence, is the agency of the cover.

    Short forms are the same agency: any name that can be read out of the other, letter by letter.
    """
    if not report.agency:
        return
    for text_id, pattern in ((OPENING, _publisher()), (OPENING, _title()), ("s1", _subject())):
        found = pattern.search(report.texts.get(text_id, ""))
        if found is None or _is_no_name(found[1]) or _same(found[1], report.agency):
            continue
        passage = Passage(text_id, found.start(1), found.end(1))
        yield finding_about(report, "N-06", passage, expected=report.agency)


@cache
def _publisher() -> re.Pattern[str]:
    """``现将某局2024年…``, or ``由某局编制``."""
    return re.compile(rf"(?:现将|由){_name()}\s{{0,3}}(?:{_YEAR}|根据|按照|依据|编制)")


@cache
def _title() -> re.Pattern[str]:
    """``某局2024年政府信息公开…`` at the beginning of a paragraph."""
    return re.compile(rf"^[ \t　]*{_name()}[ \t　]{{0,4}}{_YEAR}政府信息公开", re.MULTILINE)


@cache
def _subject() -> re.Pattern[str]:
    """``2024年，某局认真…`` as the beginning of the text, not ``新收政府信息公开申请…``."""
    verbs = "|".join(words("subject")["verbs"])
    name = rf"{_name()}(?!(?<=政府)(?:信息|政务)公开)(?={verbs})"
    return re.compile(rf"^[ \t　]*(?:{_YEAR}[ \t　]*[,，]?)?[ \t　]*{name}")


def _name() -> str:
    return rf"([\u4e00-\u9fff]{{1,24}}?(?:{'|'.join(words('subject')['endings'])}))"


def _is_no_name(words_before: str) -> bool:
    """Whether words that end like an agency's name are none, such as what was done and to whom."""
    return bool(_NOT_A_NAME.search(words_before) or _deed().match(words_before))


@cache
def _deed() -> re.Pattern[str]:
    return re.compile(
        "|".join(word for group in ("deeds", "verbs") for word in words("subject")[group] if word[1:])
    )


def _same(name: str, agency: str) -> bool:
    """Whether one of the names can be a short form of the other; so too where there is not enough to tell."""
    ours, theirs = _cores(agency), _cores(name)
    if not ours or not theirs:
        return True
    pairs = [*((core, agency) for core in theirs), *((core, name) for core in ours)]
    return any(_reads_out_of(core, whole) for core, whole in pairs)


def _cores(name: str) -> list[str]:
    """What distinguishes an agency: its name without the ending, also without the regions before it."""
    for ending in words("subject")["endings"]:
        if name.endswith(ending):
            name = name.removesuffix(ending)
            break
    starts = [0, *(found.end() for found in _REGION.finditer(name))]
    return [name[start:] for start in starts if len(name) - start >= _SHORTEST_CORE]


def _reads_out_of(short: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in short)
