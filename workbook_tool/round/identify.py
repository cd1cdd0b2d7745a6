"""Whose workbook it is. In order: the token, the code on the cover, what the mail answers, who sent it.

All that speaks must agree; where it does not, a person decides. File names and subjects only suggest.
"""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.grids import label_key
from workbook_tool.round.tokens import is_genuine, parse_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook_tool.round.roster import Unit

_MOST_SUGGESTED = 5
_SHORT, _SHORTEST = 4, 3


class Evidence(NamedTuple):
    """What speaks for one unit or another."""

    tokens: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    agency: str = ""
    year: int | None = None
    answers: tuple[str, ...] = ()
    sender: str = ""
    words: str = ""
    """The file's name and the subject."""


class Attribution(NamedTuple):
    """The unit, and what said so; or else the reason why not, and the units that it may be."""

    unit: str | None
    by: str = ""
    reason: str = ""
    candidates: tuple[str, ...] = ()


class Identifier:
    """The round's knowledge of who is who."""

    def __init__(self, key: bytes, year: int, units: Mapping[str, Unit], letters: Mapping[str, str]) -> None:
        """Know the `units` by code, and by message id to whom each of the round's `letters` went."""
        self._key = key
        self._year = year
        self._units = units
        self._letters = letters
        self._by_code = {code.upper(): code for code in units}
        self._by_name = {label_key(unit.agency): code for code, unit in units.items()}
        self._called = _called(self._by_name)
        self._by_address: dict[str, set[str]] = {}
        for code, unit in units.items():
            for address in unit.addresses:
                self._by_address.setdefault(address, set()).add(code)

    def writer(self, sender: str, answers: Iterable[str] = ()) -> str | None:
        """The unit that wrote a message, by its address and by what it answers, if that is one unit."""
        claims = [claim for _, claim in self._claims(Evidence(sender=sender, answers=tuple(answers)))]
        found = set.intersection(*claims) if claims else set()
        return next(iter(found)) if len(found) == 1 else None

    def suggested(self, evidence: Evidence) -> tuple[str, ...]:
        """The units that something unreadable may be of."""
        return self._suggested(evidence, dict(self._claims(evidence)))

    def attribute(self, evidence: Evidence) -> Attribution:
        """Whose the workbook is."""
        claims = dict(self._claims(evidence))
        reason = self._refusal(evidence, claims)
        agreed = set.intersection(*claims.values()) if claims else set()
        if not reason and len(agreed) == 1:
            unit = agreed.pop()
            if self._may_be_called(unit, evidence.agency):
                return Attribution(unit, by=next(iter(claims)))
            agreed = set()
        unclear = "ambiguous" if claims and not agreed else "unknown-unit"
        return Attribution(None, reason=reason or unclear, candidates=self._suggested(evidence, claims))

    def objection(self, unit: str, evidence: Evidence) -> str:
        """What the workbook itself has against being a unit's; empty where nothing has."""
        own = {name: claim for name, claim in self._claims(evidence) if name in ("token", "code")}
        for name, words in (("token", "回收编号"), ("code", "封面的单位代码")):
            if unit not in own.get(name, {unit}):
                return f"{words}是 {'、'.join(sorted(own[name])) or '别处'} 的"
        if evidence.year not in (None, self._year) or self._refusal(evidence, own) == "wrong-year":
            return f"是 {evidence.year} 年度的"
        if not self._may_be_called(unit, evidence.agency):
            return f"封面的单位名称是“{evidence.agency}”"
        return ""

    def _may_be_called(self, unit: str, agency: str) -> bool:
        """Whether the name on a cover, if there is one, is the unit's, in full or shortened."""
        stated, own = label_key(agency), label_key(self._units[unit].agency)
        return not stated or stated in own or own in stated

    def _refusal(self, evidence: Evidence, claims: Mapping[str, set[str]]) -> str:
        """Why the token, or the year, rules out that it is anybody's of this round."""
        if len(evidence.tokens) > 1 or len({code.strip().upper() for code in evidence.codes}) > 1:
            return "ambiguous"
        token = parse_token(evidence.tokens[0]) if evidence.tokens else None
        if token is None:
            return "" if evidence.year in (None, self._year) else "wrong-year"
        if token.year != self._year:
            return "wrong-year"
        if not is_genuine(self._key, token):
            return "wrong-token"
        return "" if "token" in claims else "unknown-unit"

    def _claims(self, evidence: Evidence) -> Iterator[tuple[str, set[str]]]:
        """Who each kind of evidence says it is, the strongest first; a code that nobody has says nobody."""
        tokens = [
            token for token in map(parse_token, evidence.tokens) if token and is_genuine(self._key, token)
        ]
        named = {self._by_code[token.code] for token in tokens if token.code in self._by_code}
        if named:
            yield "token", named
        if evidence.codes:
            stated = (self._by_code.get(code.strip().upper()) for code in evidence.codes)
            yield "code", {code for code in stated if code}
        answered = {self._letters[found] for found in evidence.answers if found in self._letters}
        if answered:
            yield "answer", answered
        senders = self._by_address.get(evidence.sender)
        if senders:
            yield "address", senders
        agency = self._by_name.get(label_key(evidence.agency)) if evidence.agency else None
        if agency and (evidence.tokens or evidence.codes or answered or senders):
            # A name alone is too little: it can only speak against the rest.
            yield "name", {agency}

    def _suggested(self, evidence: Evidence, claims: Mapping[str, set[str]]) -> tuple[str, ...]:
        """The units that it may be, by everything there is."""
        found = [code for claim in claims.values() for code in sorted(claim)]
        words = label_key(f"{evidence.agency} {evidence.words}")
        found += [code for name, code in self._called.items() if name in words]
        return tuple(dict.fromkeys(found))[:_MOST_SUGGESTED]


def _called(names: Mapping[str, str]) -> dict[str, str]:
    """What people call each unit, by code: its name, or what of it no other unit's name has.

    青河区财政局 beside 青河区教育局 is also 财政局.
    """
    called = dict(names)
    in_order = sorted(names)
    for number, name in enumerate(in_order):
        beside = in_order[max(0, number - 1) : number + 2]
        # Names are compared by their characters, as meant here.
        prefixes = (commonprefix([name, other]) for other in beside if other != name)  # noqa: RUF071
        shared = max(map(len, prefixes), default=0)
        short = name[shared:][:_SHORT]
        if len(short) >= _SHORTEST and sum(short in other for other in names) == 1:
            called[short] = names[name]
    called.pop("", None)
    return called
