"""What a file says of itself: cell, convention, origin of the parameters, timesteps, credit."""

from importlib.metadata import version

from rnn_math import Trace
from scenes import words


def comment(facts: str) -> str:
    """`facts` with the program's version and the credit."""
    return f"{facts}. Made with gatereel {version('gatereel')}. {words.CREDIT}."


def describe(trace: Trace) -> dict[str, str]:
    """Title and comment for the film of a trace."""
    cell = trace.cell
    title = f"{cell.title}: {cell.long_name}"
    facts = (
        f"{title}; convention: {cell.name} ({cell.paper.author} {cell.year}); "
        f"parameters: {trace.parameters.origin}; {trace.timesteps} timesteps, "
        f"input size {trace.input_size}, hidden size {trace.hidden_size}"
    )
    return {"title": title, "comment": comment(facts)}
