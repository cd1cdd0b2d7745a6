"""The rule book as pages, docs/rules.md and docs/rules.zh-CN.md, from the book and its cases."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from tests.rolling import findings_of
from workbook_tool.forms import cover_fields, form
from workbook_tool.phrase import Phrase
from workbook_tool.rules import SYMBOLS, own_cases, rule_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workbook_tool.rules import Rule

_PLACEHOLDER = re.compile(r"{\w+}")
_TITLE = Phrase("规则", "Rules")
_INTRODUCTION = Phrase(
    "由 `templates/rules.toml` 和 `tests/rules/` 生成(`make samples`)，不要手工修改。"
    "`wb-tool explain 编号` 显示同样的内容。× 错误必须改正；! 警告可以说明；· 提示供参考。",
    "Made from `templates/rules.toml` and `tests/rules/` by `make samples`; not to be edited. "
    "`wb-tool explain ID` says the same. × errors must be mended; ! warnings may be explained; "
    "· notices are for information.",
)
_WORDS = {
    "why": Phrase("理由", "Why"),
    "source": Phrase("依据", "Source"),
    "message": Phrase("表现", "Says"),
    "fix": Phrase("怎样改", "What to do"),
    "good": Phrase("正例", "Good"),
    "bad": Phrase("反例", "Bad"),
    "as_it_is": Phrase("样例报告原样", "the sample report as it is"),
    "or": Phrase("也作", "Also"),
    "last_year": Phrase("上年：", "last year: "),
    "same_texts": Phrase("文字照抄上年，只改年份", "last year's text with the year changed"),
}


def rule_page(language: str, cases: Path) -> str:
    """The page in `language`; `cases` is the folder of the rules' cases."""
    lines = [f"# {_TITLE.say(language)}", "", _INTRODUCTION.say(language)]
    for rule in rule_book().values():
        case = tomllib.loads((cases / f"{rule.id}.toml").read_text(encoding="utf-8"))
        lines += ["", f"## {rule.id} {rule.title.say(language)}", ""]
        lines += [f"{SYMBOLS[rule.severity]} {_said(rule, 'message', language)}", ""]
        lines += [
            f"- **{_WORDS[part].say(language)}**: {_said(rule, part, language)}"
            for part in ("why", "source", "fix")
        ]
        lines += [
            f"- **{_WORDS['good'].say(language)}**: {_edits(case['pass'][0], language)}",
            f"- **{_WORDS['bad'].say(language)}**: {_edits(case['fail'][0], language)}",
            *(f"  - {told}" for told in _told(rule.id, case["fail"][0], language)),
        ]
        also = _WORDS["or"].say(language)
        for other in own_cases(rule).values():
            message, fix = (_said(other, part, language) for part in ("message", "fix"))
            lines.append(f"- **{also}** {SYMBOLS[other.severity]} {message} → {fix}")
    return "\n".join(lines) + "\n"


def _said(rule: Rule, part: str, language: str) -> str:
    return _PLACEHOLDER.sub("…", getattr(rule, part).say(language))


def _edits(case: dict[str, Any], language: str) -> str:
    """What is done to the sample report, in words."""
    known = form(case.get("edition", "2021"))
    edits = [f"`{key}: {case[key]}`" for key in ("edition", "year") if key in case]
    edits += [f"`{key}: {value}`" for key, value in case.get("cover", {}).items()]
    edits += [_edit(step, known.cells, language) for step in case.get("steps", ())]
    edits += [f"`{section}: …`" for section in case.get("texts", ())]
    edits += [f"`{key} = {case[key]}`" for key in ("units", "roster", "stated") if key in case]
    edits += [
        f"{_WORDS['last_year'].say(language)}{_edit(step, known.cells, language)}"
        for step in case.get("prior", {}).get("steps", ())
    ]
    if case.get("prior", {}).get("texts"):
        edits.append(_WORDS["same_texts"].say(language))
    return "; ".join(edits) or _WORDS["as_it_is"].say(language)


def _edit(step: dict[str, Any], cells: Any, language: str) -> str:  # noqa: ANN401  # cells by id
    where, value = step.get("into"), step.get("type", step.get("text", step.get("date")))
    if where is None:
        return f"`{', '.join(f'{key}: {value}' for key, value in step.items())}`"
    field = next((field for field in cover_fields() if field.name == where), None)
    words = cells[where].where if where in cells else field.words if field else Phrase(where, where)
    return f"{words.say(language)} = `{value}`"


def _told(rule_id: str, case: dict[str, Any], language: str) -> Iterator[str]:
    for finding in findings_of(case):
        if finding.rule == rule_id:
            cell = f"{finding.place.cell} " if finding.place.cell else ""
            yield f"{SYMBOLS[finding.severity]} {cell}{finding.message(language)} → {finding.fix(language)}"
