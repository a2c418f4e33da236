"""Text in columns."""

from collections.abc import Collection, Sequence

_GAP = "  "


def align(rows: Sequence[Sequence[str]], numeric: Collection[int] = ()) -> list[str]:
    """The rows as lines with aligned columns; those numbered in `numeric` stand flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        fields = [
            text.rjust(width) if place in numeric else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(_GAP.join(fields).rstrip())
    return lines
