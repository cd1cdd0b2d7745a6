"""What a round has come to: the submission of each unit that counts, for a roll-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.round.board import standings
from workbook_tool.round.folder import open_round
from workbook_tool.round.worker import part_file

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from workbook_tool.round.roster import Unit

_UNDECIDED = "human"


class Intake(NamedTuple):
    """The workbooks that count, the units that they should be of, and the year."""

    files: tuple[Path, ...]
    units: tuple[Unit, ...]
    year: int
    undecided: tuple[Unit, ...]
    """The units of which something came in, and a person has to say what counts."""


def current_files(folder: Path, today: date) -> Intake:
    """What was accepted of each unit in the round at `folder`, or else its latest submission."""
    with open_round(folder) as place:
        board = standings(place, today)
        decided = [standing for standing in board if standing.status != _UNDECIDED]
        files = tuple(part_file(place.parts, one.shown.sha) for one in decided if one.shown)
        undecided = tuple(standing.unit for standing in board if standing.status == _UNDECIDED)
        return Intake(files, tuple(standing.unit for standing in board), place.settings.year, undecided)
