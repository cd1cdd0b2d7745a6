"""Which paragraphs of a narrative are headings of what follows."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")
"""What a heading below that of a section begins with."""

_LONGEST = 40
_SENTENCE_ENDS = ("。", "；", "：", "，", ";", ":", ",")


def is_subheading(paragraph: str) -> bool:
    """Whether `paragraph` is numbered （一）, short, and no sentence."""
    return (
        NUMBER.match(paragraph) is not None
        and len(paragraph) <= _LONGEST
        and not paragraph.endswith(_SENTENCE_ENDS)
    )
