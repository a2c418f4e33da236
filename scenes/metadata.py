"""What a file says of itself: cell, convention, origin of the parameters, timesteps, credit."""

from importlib.metadata import version

from rnn_math import Trace, counted
from scenes import words


def comment(facts: str) -> str:
    """`facts` with the program's version and the credit."""
    return f"{facts}. Made with gatereel {version('gatereel')}. {words.CREDIT}."


def describe(trace: Trace) -> dict[str, str]:
    """Title and comment for the film of a trace."""
    cell = trace.cell
    title = f"{cell.title}: {cell.long_name}"
    facts = (
        f"{title} ({cell.paper.author} {cell.year}); convention: {cell.convention}; "
        f"parameters: {trace.parameters.origin}; {counted(trace.timesteps, 'timestep')}, "
        f"input size {trace.input_size}, hidden size {trace.hidden_size}"
    )
    return {"title": title, "comment": comment(facts)}
