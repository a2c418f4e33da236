"""`gatereel inspect` lists what `--layer` and `--direction` can name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from gatereel.cli.commands.inspect import format_model
from gatereel.rnn_math import LSTM, random_parameters
from gatereel.rnn_math.files import write_parameters
from gatereel.rnn_math.models import Model
from tests.rnn_math.models.builders import BOTH, FORWARD, layer, stack

FILE = Path("model.pt")

Command = Callable[..., Any]


def lines_of(model: Model) -> list[list[str]]:
    """The words of every line that is not empty."""
    return [line.split() for line in format_model(model, FILE).splitlines() if line]


def test_a_module_is_a_line_with_its_sizes() -> None:
    model = stack("encoder.lstm", "lstm", (3, 2, 2), BOTH)
    about, _, row, hint = lines_of(model)
    assert about == ["PyTorch,", "float32"]
    assert row == ["encoder.lstm", "LSTM", "3", "2", "2", "forward", "and", "backward", "lstm"]
    assert " ".join(hint) == (
        "layers of encoder.lstm: --layer encoder.lstm:1 (reads the inputs) to encoder.lstm:2"
    )


def test_what_cannot_be_drawn_says_why_and_what_is_open_how_to_settle_it() -> None:
    refused = replace(
        layer("a", "lstm", 3, 2), strands=MappingProxyType({}), refusal="it has peepholes."
    )
    open_ = replace(layer("b", "rnn", 3, 2), nonlinearity_known=False)
    text = format_model(Model("ONNX", (refused, open_), notes=("Lengths are full.",)), FILE)
    assert "a cannot be drawn: it has peepholes." in text
    assert "b: tanh or relu? the file does not tell; --nonlinearity does" in text
    assert text.endswith("Lengths are full.")


def test_embeddings_are_listed_with_their_sizes() -> None:
    model = replace(
        stack("lstm", "lstm", (4, 2), FORWARD), embeddings={"emb.weight": np.zeros((28, 4))}
    )
    assert "embedding emb.weight: 28 tokens, 4 values each" in format_model(model, FILE)


def test_a_file_of_parameters_is_a_model_of_one_layer(gatereel: Command, folder: Path) -> None:
    write_parameters(folder / "w.npz", random_parameters(LSTM, 4, 3, seed=0), LSTM)
    ended = gatereel("inspect", "w.npz")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[-1].split() == ["lstm", "LSTM", "4", "3", "1", "forward", "lstm"]


def test_a_file_of_another_kind_lists_the_kinds(gatereel: Command, folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"?")
    ended = gatereel("inspect", "model.bin")
    assert ended.code == 2
    for suffix in (".safetensors", ".pt", ".keras", ".onnx"):
        assert suffix in ended.err
