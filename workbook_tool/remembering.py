"""Work on what many files share is done once; what is large is worked on anew rather than kept."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sized

_On = TypeVar("_On", bound="Sized")
_Others = ParamSpec("_Others")
_Found = TypeVar("_Found")


def remembered(
    *, most: int, below: int
) -> Callable[[Callable[Concatenate[_On, _Others], _Found]], Callable[Concatenate[_On, _Others], _Found]]:
    """Have a function keep its last `most` results, of first arguments that are shorter than `below` only."""

    def remembering(
        work: Callable[Concatenate[_On, _Others], _Found],
    ) -> Callable[Concatenate[_On, _Others], _Found]:
        again: Any = lru_cache(maxsize=most)(work)

        @wraps(work)
        def recall(on: _On, /, *args: _Others.args, **kwargs: _Others.kwargs) -> _Found:
            found: _Found = (again if len(on) < below else work)(on, *args, **kwargs)
            return found

        return recall

    return remembering
