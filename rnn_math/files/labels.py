"""Labels of timesteps, made fit to be shown: on one line, printable, of bounded length.

A file could otherwise break the lines of a table, send commands to the terminal or fill the memory.
"""

from gatereel.rnn_math.printable import CUT, on_one_line

LONGEST_LABEL = 200
"""Characters; what comes after them is cut off."""


def shown_label(text: str) -> str:
    """A label as its file gives it: white space becomes a space, control characters are escaped."""
    return on_one_line(" ".join(_cut(text.strip()).split()), LONGEST_LABEL)


def token_label(token: str) -> str:
    r"""A token in single quotes, what cannot be printed escaped: "'\n'"."""
    cut = _cut(token)
    shown = repr(cut)[1:-1]
    if "'" in cut and '"' not in cut:  # for which repr takes double quotes
        shown = shown.replace("'", r"\'")
    return f"'{shown}'"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + CUT
