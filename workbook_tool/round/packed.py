"""7z and rar: opened by libraries and other programs, therefore in a child process with limits."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

from workbook_tool.round.archives import Allowance, Member, Refused
from workbook_tool.round.packed_child import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_packed(data: bytes, kind: str, allowance: Allowance) -> Iterator[Member]:
    """The files in the archive `data`, which is of `kind` ``7z`` or ``rar``."""
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            # -P: modules are looked for where they are installed, never among the files that came in.
            [sys.executable, "-P", "-m", "workbook_tool.round.packed_child", kind],
            input=pickle.dumps((allowance.members, allowance.size, data)),
            capture_output=True,
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("unsafe") from error
    if done.returncode != 0 or not done.stdout:
        raise Refused("unsafe")
    found, refusal = pickle.loads(done.stdout)  # noqa: S301  # from our own child
    for member in found:
        allowance.take(len(member.content))
        yield member
    if refusal is not None:
        raise refusal
