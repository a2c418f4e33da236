"""Text that has to do with the room there is: in lines, smaller, or cut. Widths are pixels."""

from collections.abc import Sequence

from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.tell.numbers import ELLIPSIS


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as has room with an ellipsis behind it."""
    if text_width(text, size, bold=bold) <= room:
        return text
    while text and text_width(text + ELLIPSIS, size, bold=bold) > room:
        text = text[:-1]
    return text + ELLIPSIS


def fitted_lines(
    forms: Sequence[str], sizes: Sequence[float], room: float, most: int, *, bold: bool = False
) -> tuple[list[str], float]:
    """The fullest form in at most so many lines, at the largest of `sizes` at which it has room.

    Where none has, it is the last form at the last size, the last line cut.
    """
    for form in forms:
        for size in sizes:
            lines = wrapped(form, size, room, bold=bold)
            if len(lines) <= most:
                return lines, size
    lines = wrapped(forms[-1], sizes[-1], room, bold=bold)
    kept = lines[:most]
    kept[-1] = cut(" ".join(lines[most - 1 :]), sizes[-1], room, bold=bold)
    return kept, sizes[-1]


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The text in lines of whole words; a word that is wider than the room is cut."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return [cut(line, size, room, bold=bold) for line in lines]
