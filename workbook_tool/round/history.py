"""What happened, in order: everything that came in, and every event, of one unit or of the round."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workbook_tool.reporters.words import STATUS
from workbook_tool.round.reasons import reasons
from workbook_tool.round.settings import round_data
from workbook_tool.round.show import shown_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.round.folder import Round

_INTAKE = """
SELECT message.id AS message, message.source, message.received, message.clock, message.sender,
    message.subject, message.dated, message.reason AS message_reason, message.unit AS writer,
    part.id AS part, part.path, part.name, part.kind, part.size, part.reason, part.candidates,
    part.evidence, part.submission, submission.unit, submission.digest, verdict.status, verdict.errors,
    verdict.warnings
FROM message LEFT JOIN part ON part.message = message.id
    LEFT JOIN submission ON submission.id = part.submission LEFT JOIN verdict ON verdict.part = part.id
ORDER BY message.received, message.id, part.id
"""


def intake(place: Round, code: str | None = None) -> list[dict[str, Any]]:
    """Everything that came in, a file a line; of one unit only where `code` names it."""
    found = []
    for row in place.ledger.rows(_INTAKE):
        line = dict(row)
        line["candidates"] = json.loads(line["candidates"] or "[]")
        line["evidence"] = json.loads(line["evidence"] or "{}")
        about = {line["unit"], line["writer"], *line["candidates"]}
        if code is None or code in about:
            found.append(line)
    return found


def events(place: Round, code: str | None = None) -> list[dict[str, Any]]:
    """Every event, the first first; of one unit only where `code` names it."""
    query = "SELECT event.*, letter.file FROM event LEFT JOIN letter ON letter.id = event.letter"
    rows = place.ledger.rows(f"{query} ORDER BY event.id")
    return [dict(row) for row in rows if code is None or row["unit"] == code]


def history_text(came: list[dict[str, Any]], happened: list[dict[str, Any]]) -> Iterator[str]:
    """Both for a terminal."""
    yield "来件 (what came in)"
    for line in came:
        reason = reasons()[line["reason"] or line["message_reason"] or ""].words.zh
        status = STATUS[line["status"]].zh if line["status"] else ""
        numbered = f"第 {line['submission']} 号 {status}" if line["submission"] else ""
        shown = [
            shown_time(line["received"]),
            line["sender"] or line["source"],
            line["subject"],
            line["name"] or "",
            numbered or reason,
            line["unit"] or "、".join(line["candidates"]),
        ]
        yield "  " + "  ".join(text for text in shown if text)
    yield "经过 (what was done)"
    for event in happened:
        kind = round_data()["event"].get(event["kind"], {"zh": event["kind"]})["zh"]
        numbered = f"第 {event['submission']} 号" if event["submission"] else ""
        numbered += (
            f" P{event['part']}" if event["part"] and event["kind"] in ("assigned", "dismissed") else ""
        )
        notes = {**{reason.id: reason.words.zh for reason in reasons().values()}, **round_data()["note"]}
        shown = [
            shown_time(event["at"]),
            event["actor"],
            kind,
            event["unit"] or "",
            numbered,
            event["file"] or "",
            notes.get(event["note"], event["note"]),
        ]
        yield "  " + "  ".join(text for text in shown if text)
