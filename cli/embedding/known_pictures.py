"""Pictures that many posts show and gatereel redraws: what takes the place of each.

A file is known by its name, wherever it lies: people link to it, with and without the segments that
its host puts before it (a size, a format), and keep copies.
"""

import re

from gatereel.cli.options.common import LEGEND
from gatereel.cli.posts import last_segment
from gatereel.rnn_math.records import dataclass

_ILLUSTRATED = {
    "xn5kA92_J5KLaKcP7BMRLA": "rnn",
    "goJVQs-p9kgLODFNyhl9zA": "lstm",
    "FpRS0C3EHQnELVaWRvb8bg": "gru",
    "kLIkXgfeGRdi1Mds5CV5xA": LEGEND,
}
"""The illustrated cells and their symbols, by the ids that Medium gave their files."""

_ILLUSTRATED_NAME = re.compile(rf"1[*_-](?P<id>{'|'.join(_ILLUSTRATED)})(?:\.\w+)?")
"""Saved copies have `_` or `-` where addresses have `*`."""

_LSTM3 = {
    "simplernn": "rnn",
    "chain": "lstm",
    "var-gru": "gru",
}
"""LSTM3-*.png of "Understanding LSTM Networks" (colah.github.io, 2015) that show a cell."""

_ONE_STEP = "it shows one step of the LSTM, and gatereel draws the whole cell"
_OF_A_FILE = "gatereel draws an LSTM {} only where a model is given that is one"
_LSTM3_LEFT = {
    "c-line": _ONE_STEP,
    "gate": "it shows a gate alone, and gatereel draws the whole cell",
    "focus-f": _ONE_STEP,
    "focus-i": _ONE_STEP,
    "focus-c": _ONE_STEP,
    "focus-o": _ONE_STEP,
    "var-peepholes": _OF_A_FILE.format("with peepholes"),
    "var-tied": _OF_A_FILE.format("whose forget and input gates are tied"),
}
"""Those that nothing here can take the place of, and why."""

_LSTM3_NAME = re.compile(r"lstm3-(?P<which>[a-z-]+)\.\w+", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """A known picture: the cell, or the legend, that takes its place, or why nothing does."""

    cell: str | None
    reason: str = ""


def known_picture(address: str) -> Known | None:
    """What is known of the picture at a URL or path; None for most."""
    name = last_segment(address)
    if match := _ILLUSTRATED_NAME.fullmatch(name):
        return Known(_ILLUSTRATED[match["id"]])
    match = _LSTM3_NAME.fullmatch(name)
    which = match["which"].lower() if match else ""
    if which in _LSTM3:
        return Known(_LSTM3[which])
    if which in _LSTM3_LEFT:
        return Known(None, _LSTM3_LEFT[which])
    return None
