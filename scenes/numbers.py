"""How a number is written: one rule for the discs, the strip and every table of the picture."""

from collections.abc import Iterable

MINUS = "\N{MINUS SIGN}"

_DECIMALS = 2
_LARGE = 1000.0


def number(value: float) -> str:
    """Two decimals with a true minus sign; "1.2e5" from a thousand on, where room is short.

    A value that rounds to nought has no sign.
    """
    if abs(value) >= _LARGE:
        mantissa, exponent = f"{value:.1e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        text = f"{value:.{_DECIMALS}f}"
        if float(text) == 0.0:
            text = text.removeprefix("-")
    return text.replace("-", MINUS)


def short_number(value: float) -> str:
    """The same number without noughts at its end: a weight of 0.5 is not written 0.50."""
    text = number(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def vector(values: Iterable[float]) -> str:
    """A vector's numbers, as on the discs: "[0.97, −0.04]"."""
    return "[" + ", ".join(number(float(value)) for value in values) + "]"


def relation(values: Iterable[float]) -> str:
    """The sign before shown numbers: "=" where they are exact, "≈" where they are rounded."""
    exact = all(float(value) == round(float(value), _DECIMALS) for value in values)
    return "=" if exact else "≈"
