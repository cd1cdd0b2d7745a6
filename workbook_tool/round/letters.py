"""The words of the letters: what is issued, what was found, who is late."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from workbook_tool.reporters.terminal import finding_lines
from workbook_tool.round.ledger import moment_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from workbook_tool.round.roster import Unit
    from workbook_tool.round.settings import Settings
    from workbook_tool.rules import Finding

_MOST_TOLD = 20


class Words:
    """The letters of one round, in its own wording."""

    def __init__(self, settings: Settings, today: date) -> None:
        """Speak as `settings` say, on the day `today`."""
        self._settings = settings
        self._today = today
        self._letters = settings.letter

    def write(self, letter: str, unit: Unit, **words: str) -> tuple[str, str]:
        """The subject and the body of a letter to `unit`."""
        due = self._settings.due_of(unit)
        date = f"{due.year}年{due.month}月{due.day}日"
        known = {
            "year": str(self._settings.year),
            "agency": unit.agency,
            "contact": f"（{unit.contact}）" if unit.contact else "",
            "due": date,
            "by": self.phrase("by" if due >= self._today else "soon", date=date),
            "signature": self._settings.mail.signature,
            **words,
        }
        template = self._letters[letter]
        body = re.sub(r"\n{3,}", "\n\n", template["body"].format_map(known))
        return template["subject"].format_map(known), body.strip() + "\n"

    def phrase(self, name: str, **words: str) -> str:
        """One of the words that several letters share."""
        return self._letters["words"][name].format_map({"year": str(self._settings.year), **words})

    def lateness(self, days_left: int) -> str:
        """How many days are left, or by how many it is late."""
        if days_left == 0:
            return self.phrase("today")
        return self.phrase("left" if days_left > 0 else "late", days=str(abs(days_left)))

    def findings(self, findings: Sequence[Finding]) -> str:
        """What is to be mended or explained, as a clerk reads it."""
        told = to_be_told(findings)
        blocks = [
            f"{number}. " + "\n".join(line.strip() for line in finding_lines(finding, "zh"))
            for number, finding in enumerate(told[:_MOST_TOLD], start=1)
        ]
        if len(told) > _MOST_TOLD:
            blocks.append(self.phrase("more", count=str(len(told) - _MOST_TOLD)))
        return "\n\n".join(blocks)

    def summary(self, findings: Sequence[Finding]) -> str:
        """How many there are to mend and to explain, in one line."""
        levels = Counter(finding.severity for finding in to_be_told(findings))
        named = (("errors", levels["error"]), ("warnings", levels["warning"]))
        return "，".join(self.phrase(name, count=str(number)) for name, number in named if number)


def to_be_told(findings: Sequence[Finding]) -> list[Finding]:
    """Errors, then warnings that nobody has explained."""
    open_ones = [f for f in findings if f.severity != "notice" and not f.explained]
    return sorted(open_ones, key=lambda finding: finding.severity != "error")


def local_time(stamp: str) -> str:
    """A moment of the ledger as people here read it."""
    moment = moment_of(stamp).astimezone()
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"
