"""Which cells a text names: an address, an alt text, in the words that people use."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from urllib.parse import unquote, urlsplit

_JOINT = re.compile("[-_ ]|%20")
_ANY_JOINT = "(?:[-_ ]|%20)"
_JOINT_OR_NOT = "(?:[-_ ]|%20)?"

_LONG_NAMES: Mapping[str, tuple[str, ...]] = {
    "lstm": (_ANY_JOINT.join(("long", f"short{_JOINT_OR_NOT}term", "memory")),),
    "gru": (_ANY_JOINT.join(("gated", "recurrent", "units?")),),
    "rnn": (f"(?:simple|vanilla){_JOINT_OR_NOT}rnn", f"elman{_ANY_JOINT}(?:rnn|network)"),
}
"""What cells are called in full, as patterns. "Recurrent neural network" is all of them."""

_CJK = (
    r"\u3040-\u30ff\u3131-\u318e\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff66-\uff9d"
    r"\U00020000-\U0003ffff"
)
"""Kana, Hangul and Han: letters that are written behind a Latin word without a space."""

_LETTER = rf"[^\W\d_{_CJK}]"
"""What goes on with a word; a digit, an underscore or a letter of the above ends it."""


def cells_in(text: str, cells: Iterable[str]) -> frozenset[str]:
    """Which of `cells` a text names.

    Names are whole words in any case, or what the cell is called in full: "illustrated-lstm_2.gif"
    and "LSTM3" name lstm, "lstms" does not. Of "gru" and "gru-reset-after", the longer one counts;
    its words may be joined by -, _ or a space.
    """
    pattern, names = _pattern(tuple(cells))
    return frozenset(
        names[match.lastgroup] for match in pattern.finditer(text) if match.lastgroup is not None
    )


def without_names(text: str, cells: Iterable[str]) -> str:
    """The text without all names of cells."""
    return _pattern(tuple(cells))[0].sub(" ", text)


def last_segment(address: str) -> str:
    """The file's name in an address, without query and percent signs; of Liquid's, in its string.

    No folder tells what a file shows.
    """
    if string := _LIQUID_STRING.search(address):
        address = string["path"]
    try:
        path = urlsplit(address).path
    except ValueError:  # brackets that are no IPv6 address
        path = address
    return unquote(path.rstrip("/").rpartition("/")[2])


_LIQUID_STRING = re.compile(r"""\{\{-?\s*(?P<quote>["'])(?P<path>[^"'{}]*)(?P=quote)[^{}]*\}\}$""")


@cache
def _pattern(cells: tuple[str, ...]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """All names, the longest first, each cell in a group; and the cells by their groups."""
    spelled = [
        (len(name), re.escape(_JOINT.sub("-", name)).replace(r"\-", _ANY_JOINT), name)
        for name in cells
    ]
    # Longer than any name of a cell in short.
    spelled += [(len(p), p, name) for name in cells for p in _LONG_NAMES.get(name, ())]
    spelled.sort(key=lambda each: each[0], reverse=True)
    groups = {f"g{index}": name for index, (_, _, name) in enumerate(spelled)}
    patterns = "|".join(
        f"(?P<{group}>{pattern})" for group, (_, pattern, _) in zip(groups, spelled, strict=True)
    )
    if not patterns:
        return re.compile("(?!)"), groups
    return re.compile(rf"(?<!{_LETTER})(?:{patterns})(?!{_LETTER})", re.IGNORECASE), groups
