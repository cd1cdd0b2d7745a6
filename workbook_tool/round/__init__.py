"""One collection round: roster, workbooks issued, what came back, who owes what, and the letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ROUND_FILE, LEDGER = "round.toml", "ledger.sqlite"
"""What stands in the folder of every round."""


def is_round(folder: Path) -> bool:
    """Whether there is a round in `folder`."""
    return (folder / ROUND_FILE).is_file() and (folder / LEDGER).is_file()
