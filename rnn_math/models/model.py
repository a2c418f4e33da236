"""A trained model as its file holds it: recurrent layers with their cells and parameters.

Readers make it (`rnn_math/models/formats.py`), `choose` picks one direction of one layer, and `run`
computes it over a sequence, the layers below included.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.models.stages import Stage, width_below
from gatereel.rnn_math.parameters import Parameters
from gatereel.rnn_math.records import dataclass

Direction = Literal["forward", "backward"]

Dtype = Literal["bfloat16", "float16", "float32", "float64"]
"""The types of weights, the least exact first."""

Outputs = Mapping[Direction, Array]
"""What a layer hands up: each direction's hidden states, `(timesteps, hidden_size)`, in the order
of the sequence."""


@dataclass(frozen=True, eq=False)
class Biases:
    """The two biases of one weighted sum as a file has them; None for one that it has not."""

    of_input: Array | None
    """`(hidden_size,)`, as the next."""
    of_state: Array | None


@dataclass(frozen=True, eq=False)
class Strand:
    """One direction of a recurrent layer."""

    cell: Cell
    parameters: Parameters
    initial: Mapping[str, Array] | None = None
    """State name to its value before the first timestep, `(hidden_size,)`; None for zeros."""
    biases: Mapping[str, Biases] = field(default_factory=lambda: MappingProxyType({}))
    """Letter of a gate to its biases before they were added up; a gate that is not there has the
    one bias of its parameters."""


def side_by_side(outputs: Outputs) -> Array:
    """Each timestep's forward and backward states, one after the other."""
    return np.concatenate(list(outputs.values()), axis=1)


@dataclass(frozen=True, eq=False)
class Layer:
    """A recurrent layer, in one direction or both."""

    module: str
    """What the file calls it, or what it is stacked in: "encoder.lstm"."""
    kind: str
    """What its library calls it: "nn.LSTM"."""
    input_size: int
    hidden_size: int
    strands: Mapping[Direction, Strand]
    """Its directions, forward first. Empty when `refusal` says why."""
    level: int = 1
    """Which layer of its module's stack it is, from 1 at the bottom."""
    levels: int = 1
    """How many layers the module's stack has."""
    below: "Layer | None" = None
    """The layer that feeds it; None when it reads the model's inputs."""
    read: Callable[[Outputs], Array] = side_by_side
    """Makes this layer's inputs, `(timesteps, input_size)`, of what the layer below hands up; where
    there are `stages`, the lowest stage's inputs."""
    stages: tuple[Stage, ...] = ()
    """What stands between it and the layer below, the embedding or the model's inputs and is
    computed, the lowest first."""
    embedding: str = ""
    """The matrix that turns tokens into its inputs, where the file says so."""
    is_feed_known: bool = False
    """Whether the file says what feeds it; without `below` and `embedding`, the inputs do."""
    masked_token: int | None = None
    """A token whose timesteps the library leaves out."""
    nonlinearity_known: bool = True
    """False for a plain RNN whose file does not tell tanh from ReLU."""
    initial_tensors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """State name to what the file calls the tensor that its initial value comes from."""
    between: tuple[str, ...] = ()
    """Tensors and modules that may stand between the model's inputs and this layer, by name, where
    the file does not say what does."""
    assumptions: tuple[str, ...] = ()
    """What the file leaves open about this layer and how it was taken, each a sentence. If one is
    wrong, so are the layer's numbers."""
    refusal: str = ""
    """Why it cannot be computed, to follow a colon, with a full stop; empty when it can."""
    unfed: str = ""
    """Why what feeds it cannot be computed, likewise; the layer itself can, from rows that were
    recorded at it (`at_layer`)."""
    unstarted: str = ""
    """Why the states that it starts from are not known, likewise; it can be computed once they are
    given (`started`)."""
    masked_by: str = ""
    """What below it may have its library leave timesteps out, by name."""
    is_given_rows: bool = False
    """Whether the inputs are the rows that it reads, whatever feeds it in the file."""
    is_given_start: bool = False
    """Whether its first states are given, whatever the file has."""
    of_start: tuple[str, ...] = ()
    """Those of its assumptions that are about its first states."""
    found_at: str = ""
    """What its library's own code finds it by: a module's path, the tensor that it reads."""
    computed_in: Dtype | None = None
    """The type that its library computes it in, where the file says so; else that of its
    weights."""

    @property
    def output_size(self) -> int:
        """How many values a direction hands up a timestep: hidden units, or fewer, projected."""
        return next((s.cell.projected for s in self.strands.values()), 0) or self.hidden_size

    @property
    def fed_size(self) -> int:
        """How many values a row has that goes in below: its input size, or what its stages read."""
        return width_below(self.stages, self.input_size)

    @property
    def repeats(self) -> int:
        """How many timesteps a stage makes of one row that goes in; 0 where none does."""
        return max((stage.repeats for stage in self.stages), default=0)

    @property
    def name(self) -> str:
        """Its name for `--layer`: the module's, with ":2" for the second of a stack."""
        return self.module if self.levels == 1 else f"{self.module}:{self.level}"


@dataclass(frozen=True, eq=False)
class Model:
    """The recurrent part of a file."""

    library: Literal["PyTorch", "Keras", "ONNX", "RTNeural", "Neural Amp Modeler", "gatereel"]
    layers: tuple[Layer, ...]
    """From the inputs upwards, in the file's order."""
    embeddings: Mapping[str, Array] = field(default_factory=lambda: MappingProxyType({}))
    """Matrices that turn tokens into vectors, by name, each `(tokens, size)`."""
    dtype: Dtype = "float32"
    """The least exact type among the weights."""
    notes: tuple[str, ...] = ()
    """What there is to know besides, each a sentence: no number here hangs on it."""
    assumptions: tuple[str, ...] = ()
    """What the file leaves open about every layer and how it was taken, each a sentence."""
    foreign: tuple[str, ...] = ()
    """What the file names that is not its library's own, such as "os.system". None of it is run."""
