"""What every report of findings says beside the findings' own words."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.checks.verdict import Subject
    from workbook_tool.rules import Finding

STATUS = {
    "pass": Phrase("通过", "passed"),
    "warn": Phrase("有警告", "with warnings"),
    "fail": Phrase("不通过", "failed"),
    "unreadable": Phrase("读不出", "unreadable"),
}
WHOLE_FILE = Phrase("整个文件", "the whole file")
BLANK = Phrase("(空白)", "(blank)")
_EDITION = Phrase("{edition}年版", "edition {edition}")
_YEAR = Phrase("{year}年度", "report on {year}")
_COMPARED = Phrase("应为 {expected}，现为 {found}", "expected {expected}, found {found}")
_DIFFERENCE = Phrase("，相差 {difference}", ", difference {difference}")
_EXPLAINED = Phrase("已说明：{text}", "explained: {text}")
_SUMMARY = Phrase("共 {total} 个文件：{counts}。", "Files: {total}; {counts}.")
_AGREED = Phrase(
    "正文与表格一致的数：{number} 处", "figures of the texts that agree with the tables: {number}"
)
_NONE_AGREED = Phrase("正文里没有与表格一致的数。", "No figure of the texts agrees with the tables.")


def summary(counts: Mapping[str, int], language: str) -> str:
    """How many sources fared how."""
    parts = [f"{STATUS[status].say(language)} {number}" for status, number in counts.items()]
    separator = ", " if language == "en" else "，"
    return _SUMMARY.say(language).format(total=sum(counts.values()), counts=separator.join(parts))


def about(subject: Subject, language: str) -> list[str]:
    """The edition, the agency and the year of a source, as far as they are known."""
    said = [_EDITION.say(language).format(edition=subject.edition)]
    said += [subject.agency] if subject.agency else []
    return said + ([_YEAR.say(language).format(year=subject.year)] if subject.year else [])


def agreed_words(number: int, language: str) -> str:
    """How many figures of the texts agree with the tables, as a heading of their list."""
    return (_AGREED if number else _NONE_AGREED).say(language).format(number=number)


def explained(finding: Finding, language: str) -> str:
    """The unit's reason, if there is one."""
    return _EXPLAINED.say(language).format(text=finding.explained) if finding.explained else ""


def comparison(finding: Finding, language: str) -> str:
    """What was expected and found, where the message has not said it."""
    said = finding.entry.message.zh
    named = {name for _, name, _, _ in Formatter().parse(said) if name}
    if not finding.expected or finding.found is None or named & {"found", "left"}:
        return ""
    found = finding.found or BLANK.say(language)
    text = _COMPARED.say(language).format(expected=finding.expected, found=found)
    difference = finding.details.get("difference")
    return text + (_DIFFERENCE.say(language).format(difference=difference) if difference else "")
