"""What tells an address from a path."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_remote(source: str) -> bool:
    """Whether `source` is an address such as ``s3://bucket/key``, and not a path."""
    return _ADDRESS.match(source) is not None
