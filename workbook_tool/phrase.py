"""Words that a clerk reads, in the languages that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Phrase(NamedTuple):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """The words in `language` (``zh`` or ``en``)."""
        return self.en if language == "en" else self.zh


NOWHERE = Phrase("", "")
"""Where nothing is said of a place."""


def listed(phrases: Iterable[Phrase]) -> Phrase:
    """`phrases` one after the other, as either language lists them."""
    all_of_them = tuple(phrases)
    return Phrase("、".join(p.zh for p in all_of_them), ", ".join(p.en for p in all_of_them))
