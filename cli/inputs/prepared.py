"""What the options of a command come to: a cell with parameters, ready to run."""

from collections.abc import Mapping
from functools import cached_property

from gatereel.rnn_math import Array, Cell, Claim, Parameters, Trace, unroll
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True, eq=False)
class Prepared:
    """A cell, its parameters and what it reads."""

    cell: Cell
    parameters: Parameters
    inputs: Array
    """`(timesteps, input_size)`, in the order in which the cell reads them."""
    initial: Mapping[str, Array] | None = None
    """State name to its value before the first timestep, `(hidden_size,)`; None for zeros."""
    labels: tuple[str, ...] = ()
    """What each timestep is called, in the order of `inputs`; empty when nobody says."""
    backward: bool = False
    """Whether the cell reads the sequence from its end."""
    claims: tuple[Claim, ...] = ()
    """What is told of the whole; empty unless it is the demo."""
    assumptions: tuple[str, ...] = ()
    """What a file leaves open and how it was taken, each a sentence; the numbers hang on it."""
    notes: tuple[str, ...] = ()
    """What the user may not expect, each a sentence or a line."""

    @cached_property
    def trace(self) -> Trace:
        """The cell run over its inputs. Raises InputError when a value overflows."""
        return unroll(self.cell, self.parameters, self.inputs, self.initial)
