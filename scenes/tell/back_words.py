"""What readers of a film of the gradient read, from the loss back to the first timestep."""

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.templates import with_placeholders as _with


@dataclass(frozen=True)
class BackWords:
    """The steps of the way back, and what each comes to."""

    title: str = _with("cell")
    """What the strip calls the film."""
    forward: str = _with()
    """A timestep that is computed, quickly, before the way back."""
    loss: str = _with()
    """Where the gradient begins."""
    through: str = _with("step")
    """A step by what is gone back through."""
    into: str = _with("state")
    """What comes back into the cell by a state's way."""
    returning: str = _with("states")
    """Between two timesteps."""
    whole: str = _with()
    """The complete picture."""
    forwards: str = _with("timestep")
    of_sum: str = _with("state")
    of_unit: str = _with("unit", "state", "timestep")
    of_error: str = _with("state")
    """What the loss is, and how its gradient begins."""
    from_later: str = _with("timestep")
    """How it begins where later timesteps are not drawn."""
    returns: str = _with("before", "timestep")
    gets: str = _with("unit", "value")
    adds: str = _with("unit", "first", "second", "result")
    """Where ways meet."""
    straight: str = _with("unit", "share", "result")
    """The way through the gate that keeps."""
    times: str = _with("unit", "sent", "factor", "result")
    slope: str = _with("unit", "function", "slope", "result")
    same: str = _with("unit", "result")
    turns: str = _with("unit", "result")
    parts: str = _with("count")
    ends: str = _with("timestep", "states")
    of_state: str = _with("state", "numbers")
    steps: str = _with("timestep", "steps")
    """What a timestep is gone back through, in a description."""
    head: str = _with("head")
    """Which cell and timesteps, beside the picture."""
    caption: str = _with("head")
