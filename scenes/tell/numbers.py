"""How a number is written: one rule for the discs and the strip."""

from collections.abc import Iterable
from functools import lru_cache
from math import floor, isnan, log10, nan

from gatereel.rnn_math.formulas import LeftOut, Number, Sign, Vector
from gatereel.rnn_math.printing import PLAIN

LEFT_OUT = nan
"""Stands in a vector for components that are not shown; those of a trace are finite."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

MINUS = "\N{MINUS SIGN}"

DECIMALS = 2
LARGE = 1000.0
SMALL = 0.001
_REMEMBERED = 4096
"""A film writes each of its numbers several times: as a result, then as an operand."""
_FLOAT_NOISE = 1e-9
"""Above what a handful of float64 operations leaves behind, below what two decimals show."""


@lru_cache(_REMEMBERED)
def written(value: float, decimals: int = DECIMALS) -> Number:
    """Two decimals, or fewer; "1.2" times ten to the 5 from a thousand on, where room is short.

    A value that rounds to nought has no sign.
    """
    if abs(value) >= LARGE:
        mantissa, exponent = f"{value:.1e}".split("e")
        return Number(mantissa, int(exponent))
    text = f"{value:.{decimals}f}"
    return Number(text.removeprefix("-") if float(text) == 0.0 else text)


@lru_cache(_REMEMBERED)
def number(value: float, decimals: int = DECIMALS) -> str:
    """A number as `written`, on a disc: with a true minus sign, and "1.2e5"."""
    return _in_a_line(written(value, decimals))


def short_number(value: float, decimals: int = DECIMALS) -> str:
    """A number as `trimmed`, with a true minus sign."""
    return _in_a_line(trimmed(value, decimals))


def factor(value: float) -> Number:
    """What something is multiplied by, to two digits: 0.056, 12, and 9.5 times ten to the -7."""
    if value == 1.0:
        return Number("1")
    if value == 0.0 or SMALL <= abs(value) < LARGE:
        digits = 1 - (floor(log10(abs(value))) if value else 0)
        rounded = round(value, digits)
        return Number(f"{rounded:.{max(0, digits)}f}")
    mantissa, exponent = f"{value:.1e}".split("e")
    return Number(mantissa, int(exponent))


def factor_text(value: float) -> str:
    """A `factor` in a line of text: "9.5e−7"."""
    return _in_a_line(factor(value))


def typst_string(text: str) -> str:
    """Words in a formula, set as they are, whatever characters are in them."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def vector(values: Iterable[float]) -> Vector:
    """A vector's numbers in a formula, as on the discs: [0.97, −0.04].

    What is left out is an ellipsis: [0.97, −0.04, …].
    """
    return Vector(tuple(LeftOut() if isnan(each) else written(each) for each in map(float, values)))


def relation(values: Iterable[float]) -> Sign:
    """The sign before shown numbers: "=" where they are exact, "≈" where they are rounded."""
    exact = all(
        abs(float(value) - round(float(value), DECIMALS)) < _FLOAT_NOISE
        for value in values
        if not isnan(value)
    )
    return "=" if exact else "≈"


def trimmed(value: float, decimals: int) -> Number:
    """A number with at most `decimals` decimals and none that are nought: 0.5, not 0.50."""
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return Number("0" if text in ("-0", "") else text)


def _in_a_line(value: Number) -> str:
    return PLAIN.text(value).replace("-", MINUS)
