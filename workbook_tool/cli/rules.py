"""``wb-tool rules`` and ``wb-tool explain``: the rule book."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbook_tool.cli.options import Lang, Language
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.rules import Rule

_PARTS = {
    "why": ("理由", "why"),
    "source": ("依据", "source"),
    "message": ("表现", "message"),
    "fix": ("怎样改", "fix"),
}

_PLACEHOLDER = re.compile(r"{\w+}")


class RulesFormat(StrEnum):
    """How the rule book is shown."""

    TEXT = "text"
    JSON = "json"


def rules_command(
    as_format: Annotated[RulesFormat, typer.Option("--format", help="text | json.")] = RulesFormat.TEXT,
    lang: Lang = Language.ZH,
) -> None:
    """列出全部规则。 List the rules."""
    from workbook_tool.rules import rule_book  # noqa: PLC0415

    if as_format is RulesFormat.JSON:
        book = {"schema": "wb-tool/rules/1", "rules": [_as_json(rule) for rule in rule_book().values()]}
        typer.echo(json.dumps(book, ensure_ascii=False, indent=2))
        return
    for rule in rule_book().values():
        typer.echo(f"{rule.id}  {_severity(rule, lang)}  {rule.title.say(lang.value)}")


def explain_command(
    rule_id: Annotated[str, typer.Argument(help="规则编号，如 T3-01。 A rule's id.", metavar="RULE")],
    lang: Lang = Language.ZH,
) -> None:
    """解释一条规则。 Explain a rule: why, on what ground, what to do."""
    from workbook_tool.rules import own_cases  # noqa: PLC0415
    from workbook_tool.rules import rule as find  # noqa: PLC0415

    rule = find(rule_id.upper())
    typer.echo(f"{rule.id}  {_severity(rule, lang)}  {rule.title.say(lang.value)}")
    _say_parts(rule, _PARTS, lang)
    for case in own_cases(rule).values():
        typer.echo(f"\n  {_severity(case, lang)}  {case.title.say(lang.value)}")
        _say_parts(case, ("message", "fix"), lang)


def _say_parts(rule: Rule, parts: Iterable[str], lang: Language) -> None:
    for part in parts:
        words = Phrase(*_PARTS[part]).say(lang.value)
        typer.echo(f"  {words}: {_PLACEHOLDER.sub('…', getattr(rule, part).say(lang.value))}")


def _severity(rule: Rule, lang: Language) -> str:
    from workbook_tool.rules import LEVELS  # noqa: PLC0415

    return LEVELS[rule.severity].say(lang.value)


def _as_json(rule: Rule) -> dict[str, Any]:
    texts = ("title", "why", "source", "message", "fix")
    return {
        "id": rule.id,
        "severity": rule.severity,
        **{name: getattr(rule, name)._asdict() for name in texts},
    }
