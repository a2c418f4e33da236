"""The options that say where parameters and inputs come from, shared by several commands."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatereel.cli.options.collecting import Command, Option, collecting
from gatereel.rnn_math import CELLS
from gatereel.rnn_math.cells.rnn import NONLINEARITIES
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.rnn_math.models import Direction

DEFAULT_SEED = 0
DEFAULT_INPUT_SIZE = 3
DEFAULT_HIDDEN_SIZE = 2
DEFAULT_TIMESTEPS = 3

STANDARD_INPUT = Path("-")
"""As `--inputs`: rows or text from the standard input."""


@dataclass(frozen=True)
class Source:
    """The options as the user gave them; None for those left out."""

    weights: Path | None = None
    layer: str | None = None
    direction: "Direction | None" = None
    at_layer: bool = False
    nonlinearity: str | None = None
    chain: str | None = None
    initial: Path | None = None
    as_cell: str | None = None
    inputs: Path | None = None
    text: str | None = None
    vocabulary: Path | None = None
    embedding: str | None = None
    sample: int | None = None
    columns: str | None = None
    timesteps: int | None = None
    seed: int | None = None
    input_size: int | None = None
    hidden_size: int | None = None

    @property
    def random_parameters(self) -> bool:
        """Whether parameters are drawn at random."""
        sizes = (self.seed, self.input_size, self.hidden_size)
        return self.weights is None and any(value is not None for value in sizes)

    @property
    def random_inputs(self) -> bool:
        """Whether no sequence is given."""
        return self.inputs is None and self.text is None

    @property
    def sequence_name(self) -> str:
        """What an error calls the given sequence."""
        if self.text is not None:
            return "--text"
        return "standard input" if self.inputs == STANDARD_INPUT else str(self.inputs)


class WholeNumber(click.IntRange):
    """A range of whole numbers whose errors call them that."""

    name = "whole number"


_FILE = click.Path(path_type=Path, allow_dash=True)

_WEIGHTS_HELP = (
    "A model: .safetensors, .pt, .pth, .keras, .h5, .onnx, .nam, .json; or parameters, .npz or "
    ".json. Default: the cell's demo."
)

layer_option = click.option(
    "--layer",
    metavar="NAME",
    help="Which recurrent layer of the model, as `gatereel inspect` lists them.",
)

nonlinearity_option = click.option(
    "--nonlinearity",
    type=click.Choice(tuple(NONLINEARITIES)),
    help="What a plain RNN uses where its file does not say; tanh if left out.",
)

chain_option = click.option(
    "--chain",
    metavar="NAMES",
    help="Layers that feed each other, the lowest first, with commas, where the file does not say: "
    "lstm1,lstm2.",
)

initial_option = click.option(
    "--initial",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="States before the first timestep: .npz or .json with h and c, or a trace in .npz, after "
    "whose last timestep this one goes on.",
)

MODEL_OPTIONS = (
    click.option("--weights", type=_FILE, metavar="FILE", help=_WEIGHTS_HELP),
    layer_option,
    click.option(
        "--direction",
        type=click.Choice(("forward", "backward")),
        help="Which direction of a layer that runs both ways.",
    ),
    click.option(
        "--at-layer",
        is_flag=True,
        help="The rows of --inputs are what the layer reads, recorded there; `gatereel inspect` "
        "says how.",
    ),
    nonlinearity_option,
    chain_option,
)

SEQUENCE_OPTIONS = (
    click.option(
        "--inputs",
        type=_FILE,
        metavar="FILE",
        help="A sequence: .csv, .npy or .json, a row a timestep, or token ids; .txt with --vocab; "
        "- reads the standard input. Default: the cell's demo; of a model, random rows or ids.",
    ),
    click.option("--text", metavar="TEXT", help="A sequence as text, with --vocab."),
    click.option(
        "--vocab",
        "vocabulary",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The tokens, one a line, by which text becomes one-hot rows or token ids.",
    ),
    click.option(
        "--embedding",
        metavar="NAME",
        help="The model's matrix that turns token ids into inputs, where it has several.",
    ),
    click.option(
        "--sample",
        type=WholeNumber(min=1),
        metavar="N",
        help="Which of several sequences in a .npy of (samples, timesteps, features), from 1.",
    ),
    click.option(
        "--columns",
        metavar="NAMES",
        help="Which columns of a .csv are the inputs, by name or number from 1, with commas.",
    ),
    click.option(
        "--timesteps",
        type=WholeNumber(min=1),
        metavar="N",
        help="How many timesteps; of a file, the first N rows.",
    ),
    initial_option,
)

_OTHER_OPTIONS = (
    click.option(
        "--as",
        "as_cell",
        type=click.Choice(tuple(CELLS)),
        help="Show the parameters as another cell that computes exactly the same.",
    ),
    click.option(
        "--seed",
        type=WholeNumber(min=0),
        metavar="N",
        help=f"Draw what no file gives at random from this seed, {DEFAULT_SEED} if left out.",
    ),
    click.option(
        "--input-size",
        type=WholeNumber(min=1),
        metavar="N",
        help=f"Features of random inputs, {DEFAULT_INPUT_SIZE} if left out.",
    ),
    click.option(
        "--hidden-size",
        type=WholeNumber(min=1),
        metavar="N",
        help=f"Hidden units of random parameters, {DEFAULT_HIDDEN_SIZE} if left out.",
    ),
)

_NAMES = tuple(field.name for field in fields(Source))


def collect(*options: Option) -> Callable[[Command], Command]:
    """Give a command these options, which it gets together as `source`."""
    return collecting("source", Source, options, _NAMES)


_SEVERAL_WEIGHTS = click.option(
    "--weights",
    "models",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help=f"{_WEIGHTS_HELP} Several times: pictures of each.",
)

source_options = collect(*MODEL_OPTIONS, *SEQUENCE_OPTIONS, *_OTHER_OPTIONS)
"""Everything that leads to a cell with parameters and inputs."""

many_source_options = collect(
    _SEVERAL_WEIGHTS, *MODEL_OPTIONS[1:], *SEQUENCE_OPTIONS, *_OTHER_OPTIONS
)
"""The same for a command that draws several models, whose files it gets as `models`."""
