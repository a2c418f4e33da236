"""What readers of the clips read: why sigmoid, why tanh, and how gradients fare through time."""

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.templates import with_placeholders as _with


@dataclass(frozen=True)
class SquashWords:
    """Numbers that go through a function."""

    title: str = _with("functions")
    goes_in: str = _with()
    comes_out: str = _with()
    share: str = _with()
    """What sigmoid makes of a number, and what that is good for."""
    signed: str = _with()
    """The same of tanh."""
    rectified: str = _with()
    """The same of ReLU."""
    becomes: str = _with("function", "value", "result")
    summary: str = _with()
    function_heading: str = _with()


@dataclass(frozen=True)
class WhyWords:
    """The same numbers with one function and with another, or with none."""

    with_function: str = _with("function")
    without_function: str = _with("function")
    state_title: str = _with()
    state_says: str = _with("free", "steps", "bounded")
    gate_title: str = _with()
    gate_says: str = _with("content", "share", "turned", "turned_content")
    candidate_title: str = _with()
    candidate_says: str = _with("signed", "growing")
    output_title: str = _with()
    output_says: str = _with("memory", "bounded", "free")
    slopes_title: str = _with()
    slope: str = _with("function")
    at_most: str = _with("value")
    slopes_say: str = _with("steps", "left", "sigmoid")
    summary: str = _with()
    lane_heading: str = _with()
    row_heading: str = _with()
    numbers_heading: str = _with()


@dataclass(frozen=True)
class GradientWords:
    """How much of the gradient arrives at each earlier timestep."""

    title: str = _with()
    timestep: str = _with()
    backwards: str = _with()
    trained: str = _with("timesteps")
    right: str = _with("share")
    untrained: str = _with("units")
    models: str = _with()
    scale: str = _with("scale")
    forget_bias: str = _with("bias")
    all_ways: str = _with()
    straight_way: str = _with()
    limit: str = _with()
    unclipped: str = _with()
    arrives: str = _with("steps", "parts")
    part: str = _with("name", "value")
    of_straight: str = _with("part", "value")
    clipped: str = _with("threshold")
    summary: str = _with()
    band_heading: str = _with()
    state_heading: str = _with()
    numbers_heading: str = _with()
    at_timestep: str = _with("timestep", "value")
