"""Brackets in a text that are meant as fields, whether or not they name a figure.

All others are headings, titles and columns: 【政策解读】, 【三.强化监督】 where a paragraph begins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook_tool.narrative.fields import Field
from workbook_tool.narrative.meant import SEPARATORS, is_understood, parts_of
from workbook_tool.narrative.names import readings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.forms import Form, Section

_BRACKETS = re.compile(r"【([^【】\n]{1,80})】|[\[［〔{｛]([^\[\]［］〔〕{}｛｝\n]{2,80})[\]］〕}｝]")
_UNIT = re.compile(
    r"[ 　]*(?:件(?!数|夹|套)|条(?!数|目|款|例|线|文)|宗(?!旨|教|数)|份(?!数|额)|万元|元(?!旦|宵|素)"
    r"|起(?![草诉到来着步点始源因用])|[%％])"
)
_DATE = re.compile(r"[\d.\-/年月日\s]+")
_FROM = ("自", "从", "由")
_SENTENCE = "。！？；!?;\n"
_COLUMN = re.compile(
    r"(?:【[^【】\n]*】|[、和及与 　])*(?:等|这)?[0-9一二两三四五六七八九十]*(?:个|大|类|项)*"
    r"(?:专栏|栏目|子栏目|专题|板块|版块|模块|频道|页面|专区|菜单|部分|章节|系列|标签)"
)
_COUNTED = ("共", "共计", "合计", "总计", "累计", "计", "达")
_NEAR, _FAR = 12, 60


def fields_meant(form: Form, text: str) -> Iterator[Field]:
    """The brackets in `text` that are meant as fields; in others than 【】 only what is a figure's name."""
    for found in _BRACKETS.finditer(text):
        name = (found[1] or found[2]).strip()
        if found[2] is not None:
            if parts_of(form, name)[0] in form.tabled and readings(form, name):
                yield Field(found.start(), found.end(), name)
        elif name and (readings(form, name) or _is_meant(form, text, found, name)):
            yield Field(found.start(), found.end(), name)


def _is_meant(form: Form, text: str, found: re.Match[str], name: str) -> bool:
    """Whether a figure is expected where the brackets stand, or their words are those of one."""
    start, end = found.span()
    before, after = text[max(0, start - _NEAR) : start].rstrip(" 　"), text[end : end + _FAR]
    section, words = parts_of(form, name)
    if _UNIT.match(after) and not (after.lstrip().startswith("起") and _is_time(before, name)):
        return True
    if _COLUMN.match(after) or _DATE.fullmatch(name) or (section and _is_heading_of(section, name)):
        return False
    goes_on = after[:1].isalnum()
    if section and words:
        return not (goes_on and before[-1:] in _SENTENCE)
    known = [is_understood(form, word) for word in words]
    if len(words) > 1:
        return all(known) or (any(known) and not goes_on)
    return all(known) and not goes_on and _is_counted(form, before)


def _is_time(before: str, name: str) -> bool:
    """Whether 起 is a beginning: 自【…】起."""
    return before.endswith(_FROM) or bool(_DATE.fullmatch(name))


def _is_heading_of(section: Section, name: str) -> bool:
    """Whether `name` is the heading of a section, to which the text may refer."""
    return "".join(SEPARATORS.split(name)) in ("".join(SEPARATORS.split(section.heading)), section.number)


def _is_counted(form: Form, before: str) -> bool:
    """Whether the words before a bracket say what is counted."""
    words = (before[start:] for start in range(len(before) - 1))
    return before.endswith(_COUNTED) or any(is_understood(form, word) for word in words)
