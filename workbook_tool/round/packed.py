"""What libraries and other programs open, not we: therefore in a child process with limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.children import ChildDiedError, Children
from workbook_tool.round.archives import Allowance, Member, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 20
"""Processor time for one archive, and again for each program that is called."""

CHILDREN = Children("workbook_tool.round.packed_child")


def read_packed(data: bytes, kind: str, allowance: Allowance, seconds: int = SECONDS) -> Iterator[Member]:
    """The files in the archive `data`, which is of `kind` ``7z``, ``rar``, ``tnef`` or ``msg``."""
    try:
        with CHILDREN.lend() as child:
            job = (kind, data, allowance.members, allowance.size, seconds)
            found, refusal = child.ask(job, 2 * seconds)
    except ChildDiedError as error:
        raise Refused("unsafe") from error
    for member in found:
        allowance.take(len(member.content))
        yield member
    if refusal is not None:
        raise refusal
