"""Counts in words."""


def counted(count: int, noun: str) -> str:
    """A count with its noun, in the plural where it must be: "1 timestep", "3 timesteps"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
