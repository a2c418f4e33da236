"""What a file says of itself: cell, convention, origin of the parameters, timesteps, credit.

It is English whatever the language of the picture: programs read it.
"""

import re
from collections.abc import Sequence

from gatereel.rnn_math import Trace, counted
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.version import VERSION
from gatereel.scenes.tell.excerpt import Excerpt, ProjectedExcerpt
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.words import credit

_MARK = re.compile(r"gatereel:([0-9a-f]{64})")
"""How a comment begins that says what its file was made of."""


def with_mark(comment: str, fingerprint: str) -> str:
    """A comment that carries a fingerprint."""
    # At the beginning, for a GIF cuts a comment into blocks after 255 bytes.
    return f"gatereel:{fingerprint} {comment}".strip()


def mark_in(comment: str) -> str | None:
    """The fingerprint that a comment carries, if it does."""
    found = _MARK.match(comment)
    return found[1] if found else None


def comment(facts: str, english: Language) -> str:
    """`facts` with the program's version and the credit."""
    facts = facts.encode(errors="replace").decode()  # the name of a file may be no UTF-8
    return f"{facts}. Made with gatereel {VERSION}. {credit(english)}."


def metadata_of(trace: Trace, excerpt: Excerpt, english: Language) -> dict[str, str]:
    """Title and comment for the film of an excerpt of a trace, in the words of `english`."""
    cell = trace.cell
    title = f"{cell.title}: {cell.long_name}"
    facts = (
        f"{title} ({cell.paper.author} {cell.year}); convention: {cell.convention}; "
        f"parameters: {trace.parameters.origin}; {counted(trace.timesteps, 'timestep')}, "
        f"input size {trace.input_size}, hidden size {trace.hidden_size}{_shown(excerpt)}"
    )
    return {"title": title, "comment": comment(facts, english)}


def _shown(excerpt: Excerpt) -> str:
    """What is drawn of the whole, where it is not all of it."""
    parts = []
    if excerpt.rest_units:
        parts.append(_numbered("unit", excerpt.units))
    if isinstance(excerpt, ProjectedExcerpt) and len(excerpt.projected) < excerpt.projected_size:
        parts.append(f"{_numbered('unit', excerpt.projected)} of {excerpt.state}")
    if excerpt.rest_features:
        parts.append(_numbered("input", excerpt.features))
    first, last = excerpt.position(excerpt.start), excerpt.position(excerpt.stop - 1)
    if excerpt.stop - excerpt.start < excerpt.timesteps:
        parts.append(f"timestep {first}" if first == last else f"timesteps {first} to {last}")
    shown = f"; shown: {', '.join(parts)}" if parts else ""
    return shown + ("; read backward" if excerpt.backward else "")


def _numbered(noun: str, indices: Sequence[int]) -> str:
    """Things by their numbers, counted from 1: "unit 5", "units 2, 9 and 33"."""
    plural = "" if len(indices) == 1 else "s"
    return f"{noun}{plural} {in_words(index + 1 for index in indices)}"
