"""Writing down in the ledger what came of a message: its parts, whose they are, how they fare."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.round.identify import Attribution, Evidence, Identifier
from workbook_tool.round.ledger import Event, moment_of, stamp
from workbook_tool.round.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.round.arrivals import Arrival
    from workbook_tool.round.envelope import Envelope
    from workbook_tool.round.folder import Round
    from workbook_tool.round.ledger import Ledger
    from workbook_tool.round.unpack import Unpacked
    from workbook_tool.round.worker import Intake, Judgement, Part

_SUBMITTED = "submitted"
_PRECEDENCE = (
    "encrypted",
    "unsafe",
    "corrupt",
    "wrong-template",
    "wrong-year",
    "unsupported-format",
    "unfilled",
)
"""Which reason speaks for a message whose files were all set aside."""


class Outcome(NamedTuple):
    """What became of one arrival: new, or known already; why it gave nothing, if so."""

    source: str
    is_new: bool
    reason: str = ""
    submissions: int = 0


class Bookkeeper:
    """One run of collecting: who is who, and how an intake is entered."""

    def __init__(self, place: Round, since: str) -> None:
        """Enter into the ledger of `place`; what has no time of receipt was received at `since`."""
        self._ledger = place.ledger
        self._since = since
        self._tomorrow = stamp(moment_of(since) + timedelta(days=1))
        """No server has taken in anything later than that."""
        self._letters = {
            row["message_id"]: row["unit"] for row in self._ledger.rows("SELECT message_id, unit FROM letter")
        }
        self._identifier = Identifier(
            self._ledger.key, place.settings.year, self._ledger.units(), self._letters
        )

    def knows(self, sha: str) -> bool:
        """Whether the message was taken in before; twice in one run counts as before."""
        return self._ledger.row("SELECT 1 FROM message WHERE sha = ?", sha) is not None

    def enter(self, arrival: Arrival, sha: str, intake: Intake) -> Outcome:
        """Write down a message, its parts, and what they are."""
        unpacked = intake.unpacked
        envelope = unpacked.envelope
        received, clock = self._received(arrival, envelope.received)
        nature: str = "own-letter" if envelope.message_id in self._letters else envelope.nature
        writer = self._identifier.writer(envelope.sender, envelope.answers)
        about = self._bounced(unpacked) if nature == "bounce" else writer
        message = self._ledger.add(
            "message",
            sha=sha,
            kind="message" if unpacked.is_message else "file",
            received=received,
            clock=clock,
            message_id=envelope.message_id,
            sender=envelope.sender,
            subject=envelope.subject,
            dated=envelope.dated,
            reason=nature,
            unit=about,
            candidates=json.dumps(self._identifier.suggested(_evidence(envelope, arrival.name))),
            source=arrival.source,
        )
        found: list[str] = []
        accompanied = any(part.judgement for part in intake.parts)
        for part in intake.parts:
            attribution = self._attribution(part, nature)
            if nature and attribution.reason == nature:
                continue  # what a robot sends back is nobody's report
            # A zip of messages was not received as one: each of them has a time of its own.
            when = received if unpacked.is_message else self._received(arrival, part.envelope.received)[0]
            found.append(self._part(message, part, attribution, when, accompanied=accompanied))
        submissions = found.count(_SUBMITTED)
        people = sum(reason != _SUBMITTED and reasons()[reason].human for reason in found)
        if not nature and not submissions and not people:
            nature = _reason_for(found, unpacked)
            self._ledger.run("UPDATE message SET reason = ? WHERE id = ?", nature, message)
        if nature == "bounce" and about and unpacked.failed:
            self._ledger.record(Event("bounced", about, note=arrival.source))
        self._ledger.record(Event("collected", about, note=nature or arrival.source))
        return Outcome(arrival.source, is_new=True, reason=nature, submissions=submissions)

    def _received(self, arrival: Arrival, header: str) -> tuple[str, str]:
        """When a server took it in, and how that is known; the Date header is never asked."""
        stated = (arrival.received, arrival.clock), (header, "header")
        for received, clock in stated if arrival.clock == "server" else reversed(stated):
            if received and received <= self._tomorrow:
                return received, clock
        return self._since, "collected"

    def _bounced(self, unpacked: Unpacked) -> str | None:
        """The unit whose letter came back."""
        units = {self._letters[found] for found in unpacked.mentions if found in self._letters}
        return units.pop() if len(units) == 1 else None

    def _part(self, message: int, part: Part, found: Attribution, received: str, *, accompanied: bool) -> str:
        """Enter a part; `_SUBMITTED`, or why it gave no submission."""
        judged = part.judgement
        reason = "" if accompanied and part.reason == "unsupported-format" else found.reason
        number = self._ledger.add(
            "part",
            message=message,
            path=part.path,
            name=part.name,
            sha=part.sha,
            kind=part.kind,
            size=part.size,
            received=received,
            message_id=part.envelope.message_id,
            sender=part.envelope.sender,
            reason=reason,
            why=json.dumps(part.why, ensure_ascii=False) if part.reason else "",
            evidence=json.dumps(self._spoken(part, found), ensure_ascii=False),
            candidates=json.dumps(found.candidates),
        )
        if judged and (found.unit or reasons()[reason].human):
            enter_verdict(self._ledger, number, judged)
        if judged and found.unit:
            submit(self._ledger, number, found.unit, judged.digest)
            return _SUBMITTED
        return reason

    def _attribution(self, part: Part, nature: str) -> Attribution:
        """Whose a part is, or why it is set aside."""
        envelope, judged = part.envelope, part.judgement
        evidence = _evidence(envelope, part.name, judged)
        # A letter of ours may be attached to its answer.
        robot = nature or ("own-letter" if envelope.message_id in self._letters else "")
        if judged is None or not judged.is_filled or (robot and self._is_known(judged)):
            reason = robot or part.reason or ("unfilled" if judged else "")
            return Attribution(None, reason=reason, candidates=self._identifier.suggested(evidence))
        if robot:
            # New figures where none are expected: not to be lost, and not to be trusted.
            return Attribution(None, reason="ambiguous", candidates=self._identifier.suggested(evidence))
        return self._identifier.attribute(evidence)

    def _is_known(self, judged: Judgement) -> bool:
        """Whether some unit has reported just these figures."""
        return self._ledger.row("SELECT 1 FROM submission WHERE digest = ?", judged.digest) is not None

    def _spoken(self, part: Part, found: Attribution) -> dict[str, object]:
        """What spoke for a unit, for whoever wants to know why, and who wrote."""
        envelope, judged = part.envelope, part.judgement
        spoken: dict[str, object] = {"writer": self._identifier.writer(envelope.sender, envelope.answers)}
        if judged:
            spoken |= {"by": found.by, "tokens": judged.tokens, "codes": judged.codes}
            spoken |= {"agency": judged.agency, "year": judged.year}
        return spoken


def enter_verdict(ledger: Ledger, part: int, judged: Judgement) -> None:
    """Enter how the workbook in a part fares."""
    ledger.add(
        "verdict",
        part=part,
        digest=judged.digest,
        status=judged.status,
        errors=judged.errors,
        warnings=judged.warnings,
        notices=judged.notices,
        rules=json.dumps(judged.rules),
        tool=judged.tool,
    )


def submit(ledger: Ledger, part: int, unit: str, digest: str) -> int:
    """Enter the workbook in a part as a unit's submission; the same figures again are the same submission."""
    found = ledger.row("SELECT id FROM submission WHERE unit = ? AND digest = ?", unit, digest)
    submission: int = found["id"] if found else ledger.add("submission", unit=unit, digest=digest)
    ledger.run("UPDATE part SET submission = ?, reason = '' WHERE id = ?", submission, part)
    ledger.record(Event("repeated" if found else "submitted", unit, submission, part))
    return submission


def _evidence(envelope: Envelope, name: str, judged: Judgement | None = None) -> Evidence:
    """All that speaks for one unit or another."""
    evidence = Evidence(answers=envelope.answers, sender=envelope.sender, words=f"{name} {envelope.subject}")
    if judged is None:
        return evidence
    return evidence._replace(tokens=judged.tokens, codes=judged.codes, agency=judged.agency, year=judged.year)


def _reason_for(found: Sequence[str], unpacked: Unpacked) -> str:
    """Why a message gave nothing: what its files say, the gravest first; else that it has none."""
    for reason in _PRECEDENCE:
        if reason in found:
            return reason
    if "own-letter" in found:
        return "own-letter"
    return "link-only" if unpacked.has_link else "no-workbook"
