"""Counts and names in words."""

from collections.abc import Sequence

_SHOWN_NAMES = 4


def counted(count: int, noun: str) -> str:
    """A count with its noun, in the plural where it must be: "1 timestep", "3 timesteps"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def some_of(names: Sequence[str]) -> str:
    """Names for a sentence, the first few of many: "h0 and c0", "a, b, c, d and others"."""
    if len(names) > _SHOWN_NAMES:
        return f"{', '.join(names[:_SHOWN_NAMES])} and others"
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
