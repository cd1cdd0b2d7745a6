"""The rule book and what a broken rule looks like: `Rule`, `Finding`, `Place`.

A rule is described once, in ``templates/rules.toml``. A finding names its rule and carries
the figures; the words come from the book when they are asked for, in either language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from workbook_tool.errors import FormError, WorkbookToolError
from workbook_tool.phrase import NOWHERE, Phrase, listed
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["error", "warning", "notice"]

SYMBOLS: Mapping[Severity, str] = {"error": "×", "warning": "!", "notice": "·"}
"""Put before what is said or shown, so that a mark is seen in black and white."""

LEVELS: Mapping[Severity, Phrase] = {
    "error": Phrase("错误", "error"),
    "warning": Phrase("警告", "warning"),
    "notice": Phrase("提示", "notice"),
}


class Rule(NamedTuple):
    """One entry of the rule book (or one case of it)."""

    id: str
    severity: Severity
    title: Phrase
    why: Phrase
    source: Phrase
    message: Phrase
    fix: Phrase
    fix_many: Phrase
    """What to do where one cause has hit many cells."""
    cases: Mapping[str, Rule]

    def case(self, name: str) -> Rule:
        """The rule with what the case `name` replaces; the rule itself for an empty name."""
        return self.cases[name] if name else self


class Place(NamedTuple):
    """Where something stands: in words, and by sheet and cell where the source has them."""

    words: Phrase = NOWHERE
    sheet: str | None = None
    cell: str | None = None
    source: Phrase = NOWHERE
    """Where it stands in a document: page, table and row, or the path of an element."""

    def say(self, language: str) -> str:
        """All of it but the sheet, as reports of findings show it."""
        source = self.source.say(language)
        parts = (self.cell, self.words.say(language), source and f"[{source}]")
        return "  ".join(part for part in parts if part)


UNPLACED = Place()


class Passage(NamedTuple):
    """Words in the prose of a report: in which text (``opening`` or a section's id), from where to where."""

    text: str
    start: int
    end: int


class Change(NamedTuple):
    """One figure that a suggestion would change."""

    id: str
    found: str
    expected: str
    where: Phrase = NOWHERE


class Suggestion(NamedTuple):
    """What probably happened: the figures to change, and why."""

    changes: tuple[Change, ...]
    why: Phrase

    def say(self, language: str = "zh") -> str:
        """The suggestion as one sentence."""
        changes = listed(Phrase(*(_said(change, lang) for lang in ("zh", "en"))) for change in self.changes)
        return _words("suggestion", language).format(
            changes=changes.say(language), why=self.why.say(language)
        )


class Explanation(NamedTuple):
    """A unit's reason why a warning is in order (核实说明): for which rule, where, in its own words."""

    rule: str
    place: str
    text: str
    figures: str = ""
    """The figures that it was given for; empty where it does not say."""


@dataclass(frozen=True)
class Finding:
    """One defect: which rule, where, what was expected and what was found."""

    rule: str
    place: Place = UNPLACED
    case: str = ""
    ids: tuple[str, ...] = ()
    expected: str | None = None
    found: str | None = None
    details: Mapping[str, str | Phrase] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    explained: str | None = None
    """The unit's reason why a warning is in order."""
    lapsed: Explanation | None = None
    """A reason that was given for other figures and holds no longer."""
    unclear: str | None = None
    """The place of a reason that does not say which of several findings it is about."""
    figures: Phrase = NOWHERE
    """The figures of a warning, to which an explanation of it is tied."""
    passage: Passage | None = None
    """The words that it is about, if it is about words."""
    count: int = 1
    """How many cells one cause has hit; `examples` names the first of them."""
    examples: tuple[Phrase, ...] = ()

    @property
    def entry(self) -> Rule:
        """The rule book's entry for this finding, its case applied."""
        return rule(self.rule).case(self.case)

    @property
    def severity(self) -> Severity:
        """Error, warning or notice."""
        return self.entry.severity

    def title(self, language: str = "zh") -> str:
        """The name of the defect."""
        return self.entry.title.say(language)

    def message(self, language: str = "zh") -> str:
        """What is wrong, with the figures."""
        said = [self._fill(self.entry.message, language)]
        if self.count > 1:
            cells = listed(self.examples).say(language)
            said.append(_words("many", language).format(count=self.count, cells=cells))
        if self.rule != "W-06" and "formula" in self.details:
            said.append(self._fill(Phrase(*(_words("formula", lang) for lang in ("zh", "en"))), language))
        if self.lapsed:
            before, now = self.lapsed.figures, self.figures.say(language)
            said.append(_words("lapsed", language).format(text=self.lapsed.text, before=before, now=now))
        if self.unclear:
            said.append(_words("unclear", language).format(place=self.unclear))
        return (" " if language == "en" else "").join(said)

    def fix(self, language: str = "zh") -> str:
        """What to do about it."""
        return self._fill(self.entry.fix_many if self.count > 1 else self.entry.fix, language)

    def _fill(self, template: Phrase, language: str) -> str:
        words = _in(self.details, language)
        return template.say(language).format_map(
            {"expected": self.expected or "", "found": self.found or "", **words}
        )


def _said(change: Change, language: str) -> str:
    where, found = change.where.say(language), change.found or "—"
    return _words("change", language).format(where=where, to=change.expected, found=found).strip()


def in_words(name: str, **details: str | Phrase) -> Phrase:
    """Words that any finding may add to its own, with `details` filled in."""
    return Phrase(*(_words(name, lang).format(**_in(details, lang)) for lang in ("zh", "en")))


def _in(details: Mapping[str, str | Phrase], language: str) -> dict[str, str]:
    return {k: v.say(language) if isinstance(v, Phrase) else v for k, v in details.items()}


def _words(name: str, language: str) -> str:
    return Phrase(**read_toml(resource("templates/rules.toml"))["words"][name]).say(language)


@cache
def rule_book() -> Mapping[str, Rule]:
    """Every rule by its id, in the book's order."""
    raw = dict(read_toml(resource("templates/rules.toml")))
    shared = raw.pop("case")
    del raw["words"]
    book = {}
    for rule_id, entry in raw.items():
        own = {key: value for key, value in entry.items() if key != "case"}
        cases = {
            name: _entry(rule_id, {**own, **case})
            for name, case in {**shared, **entry.get("case", {})}.items()
        }
        book[rule_id] = _entry(rule_id, own, cases)
    return book


def own_cases(rule: Rule) -> Mapping[str, Rule]:
    """The cases of `rule` that stand in its own entry: not those that any rule may have."""
    shared = read_toml(resource("templates/rules.toml"))["case"]
    return {name: case for name, case in rule.cases.items() if name not in shared}


def rule(rule_id: str) -> Rule:
    """The rule with this id; an unknown one is a `WorkbookToolError`."""
    try:
        return rule_book()[rule_id]
    except KeyError:
        known = " ".join(rule_book())
        message = f"没有规则 {rule_id} (no such rule). 现有 (known): {known}"
        raise WorkbookToolError(message) from None


def _entry(rule_id: str, raw: Mapping[str, object], cases: Mapping[str, Rule] | None = None) -> Rule:
    severity: Any = raw.get("severity")
    if severity not in tuple(LEVELS):
        problem = f"要是其中之一 (must be one of): {', '.join(LEVELS)}"
        raise FormError("rules.toml", f"{rule_id}.severity", problem)
    try:
        phrases = {key: Phrase(**value) for key, value in raw.items() if isinstance(value, dict)}
        phrases.setdefault("fix_many", phrases["fix"])
        return Rule(id=rule_id, severity=severity, cases=cases or {}, **phrases)
    except (KeyError, TypeError) as error:
        problem = f"有缺少或多余的内容 (lacks something or has too much): {error}"
        raise FormError("rules.toml", rule_id, problem) from error
