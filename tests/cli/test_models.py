"""A trained model on the command line: chosen, drawn, traced, shown as another, and verified."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.cli.app import FAILURE, WRONG_USE
from gatereel.cli.commands.verify import TOLERANCES, largest_difference, scale
from gatereel.cli.inputs.choice import Chosen, choose
from gatereel.cli.inputs.sequences import random_tokens, rows_of
from gatereel.cli.options.sources import Source
from gatereel.rnn_math import GRU, Array, InputError, random_inputs, random_parameters
from gatereel.rnn_math.files import write_parameters
from gatereel.rnn_math.models import bottom, layer_inputs, library_states, read_model

Command = Callable[..., Any]

MODELS = Path(__file__).parent.parent / "models"
PYTORCH = MODELS / "pytorch"
KERAS = MODELS / "keras"
ONNX = MODELS / "onnx"

STACK = str(PYTORCH / "lstm-two-both.safetensors")
WORDS = str(PYTORCH / "words.safetensors")
RELU = str(PYTORCH / "rnn-relu.safetensors")


@pytest.fixture
def rows(folder: Path) -> str:
    """A file of five rows of three features."""
    np.save(folder / "rows.npy", random_inputs(3, 5, seed=0))
    return "rows.npy"


def table(path: Path) -> list[dict[str, str]]:
    """A trace in CSV."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# --- rows recorded at a layer --------------------------------------------------------------------

ABOVE = str(KERAS / "above.keras")

FLOAT32 = 1e-6
"""What rounding to float32, as Keras does, changes in a few timesteps."""


@pytest.fixture
def recorded(folder: Path) -> str:
    """What the layer "upper" of ABOVE read in Keras."""
    with np.load(KERAS / "above.npz") as stored:
        np.save(folder / "recorded.npy", stored["upper/rows"])
    return "recorded.npy"


def test_what_a_layer_read_is_given_at_the_layer(
    gatereel: Command, folder: Path, recorded: str
) -> None:
    model = ("--weights", ABOVE, "--layer", "upper", "--inputs", recorded)
    refused = gatereel("trace", *model, "-o", "t.csv")
    assert refused.code == WRONG_USE
    assert "the layer 'both' below it cannot be computed" in refused.err
    assert "Give the rows that 'upper' reads, 3 values a timestep, by --inputs with --at-layer" in (
        refused.err
    )
    assert gatereel("trace", *model, "--at-layer", "-o", "t.csv").code == 0
    with np.load(KERAS / "above.npz") as stored:
        theirs = stored["upper/forward/h"]
    ours = [[float(row[f"h_{unit}"]) for unit in (1, 2)] for row in table(folder / "t.csv")]
    assert np.abs(np.array(ours) - theirs).max() < FLOAT32


def test_a_layer_of_a_stack_can_be_given_its_rows(gatereel: Command, folder: Path) -> None:
    np.save(folder / "rows.npy", random_inputs(6, 5, seed=0))
    options = ("--weights", STACK, "--layer", "lstm:2", "--direction", "forward")
    ended = gatereel("trace", *options, "--inputs", "rows.npy", "--at-layer", "-o", "t.csv")
    assert ended.code == 0, ended.err
    read = [[float(row[f"x_{k}"]) for k in range(1, 7)] for row in table(folder / "t.csv")]
    np.testing.assert_array_equal(read, np.load(folder / "rows.npy"))


def test_rows_at_a_layer_need_a_model(gatereel: Command) -> None:
    ended = gatereel("trace", "lstm", "--at-layer")
    assert ended.code == WRONG_USE
    assert "--at-layer speaks of a layer of a model's file; give --weights of one." in ended.err


def test_what_stands_before_a_layer_is_listed_with_the_way_round(gatereel: Command) -> None:
    out = gatereel("inspect", ABOVE).out
    assert "both: below it stands the Conv1D layer 'convolution', which is not computed." in out
    assert "upper: the layer 'both' below it cannot be computed." in out
    assert "upper reads 3 values a timestep; --at-layer takes such rows, recorded by\n" in out
    assert "model.get_layer('upper').input" in out


def test_rows_at_the_model_s_input_are_carried_up_to_the_layer(
    gatereel: Command, folder: Path
) -> None:
    with np.load(KERAS / "stages.npz") as stored:
        np.save(folder / "inputs.npy", stored["inputs"])
        theirs = stored["upper/forward/h"]
    model = ("--weights", str(KERAS / "stages.keras"), "--layer", "upper")
    ended = gatereel("trace", *model, "--inputs", "inputs.npy", "-o", "t.csv")
    assert ended.code == 0, ended.err
    ours = [[float(row[f"h_{unit}"]) for unit in (1, 2)] for row in table(folder / "t.csv")]
    assert np.abs(np.array(ours) - theirs).max() < FLOAT32
    np.save(folder / "wide.npy", np.ones((2, 4)))
    refused = gatereel("trace", *model, "--inputs", "wide.npy")
    assert refused.code == WRONG_USE
    assert "wide.npy has 4 columns; the Dense layer 'each' of" in refused.err
    assert "reads 3." in refused.err


def test_a_sequence_is_made_of_one_row_at_random(gatereel: Command) -> None:
    ended = gatereel("trace", "--weights", str(KERAS / "repeated.keras"), "-o", "t.csv")
    assert ended.code == 0, ended.err
    ended = gatereel("trace", "--weights", str(KERAS / "repeated.keras"), "--timesteps", "3")
    assert ended.code == WRONG_USE
    assert "makes 4 timesteps of one row; 3 are given" in ended.err


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            KERAS / "stages.keras",
            "normed: reads the model's inputs, 3 values a timestep, through Dense dense and "
            "BatchNormalization norm; these are computed, too",
        ),
        (
            KERAS / "stages.keras",
            "decoder: reads what encoder hands up through Dense code and RepeatVector repeat; ",
        ),
        (
            KERAS / "stage_tokens.keras",
            "lstm: reads the embedding embedding through Dense dense; these are computed, too",
        ),
        (
            KERAS / "repeated.keras",
            "lstm: reads one row of the model's inputs, 3 values, through Dense inner/dense",
        ),
        (
            KERAS.parent / "onnx" / "stages_flat.onnx",
            "/lower/LSTM: reads the model's inputs, 3 values a timestep, through Gemm and Clip ",
        ),
    ],
)
def test_what_is_computed_below_a_layer_is_listed(gatereel: Command, file: Path, said: str) -> None:
    assert said in gatereel("inspect", str(file)).out


# --- choosing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ((), "There are 2 recurrent layers: lstm:1, lstm:2. Name one with --layer."),
        (("--layer", "lstm:3"), "no recurrent layer 'lstm:3'; there are lstm:1, lstm:2"),
        (("--layer", "lstm"), "'lstm' is a stack of 2 layers: lstm:1, lstm:2."),
        (("--layer", "lstm:2"), "runs forward and backward. Choose with --direction."),
        (
            ("--layer", "lstm:1", "--direction", "forward", "--nonlinearity", "relu"),
            "'relu' has nothing to settle",
        ),
        (
            ("gru", "--layer", "lstm:1", "--direction", "forward"),
            "holds the cell 'lstm'; leave 'gru' out, or give --as gru",
        ),
        (
            ("--layer", "lstm:1", "--direction", "forward", "--as", "gru"),
            "LSTM cannot be shown as GRU",
        ),
    ],
)
def test_what_is_open_or_wrong_says_the_next_step(
    gatereel: Command, rows: str, options: tuple[str, ...], hint: str
) -> None:
    ended = gatereel("trace", *options, "--weights", STACK, "--inputs", rows)
    assert (ended.code, ended.out) == (2, "")
    assert hint in ended.err


def test_the_layers_below_feed_the_chosen_one(gatereel: Command, folder: Path, rows: str) -> None:
    chosen = ("--layer", "lstm:2", "--direction", "backward")
    ended = gatereel("trace", "--weights", STACK, *chosen, "--inputs", rows, "-o", "out.csv")
    assert (ended.code, ended.err) == (0, "")
    _, upper = read_model(Path(STACK)).layers
    expected = layer_inputs(upper, np.load(rows))[::-1]
    read = [
        [float(row[f"x_{k + 1}"]) for k in range(upper.input_size)]
        for row in table(folder / "out.csv")
    ]
    np.testing.assert_array_equal(read, expected)
    assert [row["timestep"] for row in table(folder / "out.csv")] == ["5", "4", "3", "2", "1"]


def test_options_of_a_model_need_one(gatereel: Command) -> None:
    for option, value in (
        ("--layer", "lstm"),
        ("--direction", "forward"),
        ("--nonlinearity", "relu"),
        ("--embedding", "emb"),
    ):
        ended = gatereel("trace", "lstm", option, value)
        assert (ended.code, ended.out) == (2, "")
        assert f"{option} chooses from a model's file; give --weights" in ended.err


# --- conventions ---------------------------------------------------------------------------------


def test_a_model_is_shown_by_its_library_s_equations(gatereel: Command, rows: str) -> None:
    weights = str(PYTORCH / "gru.safetensors")
    ended = gatereel("render", "--weights", weights, "--inputs", rows, "--dry-run")
    assert ended.code == 0
    assert ended.out.startswith("GRU (reset after), 5 timesteps")


def test_an_equivalent_cell_shows_the_same_states(
    gatereel: Command, folder: Path, rows: str
) -> None:
    weights = str(ONNX / "gru_reset_before.onnx")
    model = ("--weights", weights, "--inputs", rows)
    assert gatereel("trace", *model, "-o", "own.csv").code == 0
    assert gatereel("trace", *model, "--as", "gru", "-o", "shown.csv").code == 0
    own, shown = table(folder / "own.csv"), table(folder / "shown.csv")
    for one, other in zip(own, shown, strict=True):
        # sigmoid(-a) and 1 - sigmoid(a) are rounded apart.
        assert float(one["h_1"]) == pytest.approx(float(other["h_1"]), abs=1e-14)
        assert float(one["z_1"]) == pytest.approx(1.0 - float(other["z_1"]), abs=1e-14)


def test_one_that_is_not_equivalent_is_refused_with_the_reason(
    gatereel: Command, rows: str
) -> None:
    weights = str(PYTORCH / "gru.safetensors")
    ended = gatereel("render", "--weights", weights, "--inputs", rows, "--as", "gru")
    assert ended.code == 2
    assert "reset after the product" in ended.err
    assert "reset before the product" in ended.err


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_the_nonlinearity_of_a_plain_rnn_is_asked_for(
    gatereel: Command, rows: str, nonlinearity: str
) -> None:
    words = ("trace", "--weights", RELU, "--layer", "rnn:2", "--inputs", rows)
    silent = gatereel(*words)
    assert "does not tell tanh from relu" in silent.err
    told = gatereel(*words, "--nonlinearity", nonlinearity)
    assert (told.code, told.err) == (0, "")
    assert (told.out == silent.out) == (nonlinearity == "tanh")


# --- tokens --------------------------------------------------------------------------------------


def test_token_ids_go_through_the_model_s_embedding(gatereel: Command, folder: Path) -> None:
    (folder / "ids.json").write_text("[4, 0, 2]", encoding="utf-8")
    ended = gatereel("trace", "--weights", WORDS, "--inputs", "ids.json", "-o", "out.csv")
    assert ended.code == 0
    model = read_model(Path(WORDS))
    ((name, matrix),) = model.embeddings.items()
    assert f"token ids go through the embedding {name} straight into " in ended.err
    lines = table(folder / "out.csv")
    assert [line["label"] for line in lines] == ["4", "0", "2"]
    assert float(lines[0]["x_1"]) == matrix[4, 0]


def drawn_ids(gatereel: Command, folder: Path, weights: str, *words: str) -> list[int]:
    """The ids of three timesteps that nobody gave, whose rows the layer was given."""
    ended = gatereel("trace", "--weights", weights, *words, "-o", "out.csv")
    assert ended.code == 0
    assert "inputs: random, seed 0" in ended.err
    assert "token ids go through the embedding" in ended.err
    lines = table(folder / "out.csv")
    (matrix,) = read_model(Path(weights)).embeddings.values()
    for line in lines:
        assert [float(line[f"x_{k + 1}"]) for k in range(matrix.shape[1])] == [
            *matrix[int(line["label"])]
        ]
    return [int(line["label"]) for line in lines]


def test_where_an_embedding_feeds_the_layer_token_ids_are_drawn(
    gatereel: Command, folder: Path
) -> None:
    ids = drawn_ids(gatereel, folder, str(KERAS / "tokens.keras"), "--layer", "lstm")
    assert len(ids) == 3
    assert drawn_ids(gatereel, folder, str(KERAS / "tokens.keras"), "--layer", "lstm") == ids


def test_an_embedding_that_is_named_has_its_ids_drawn(gatereel: Command, folder: Path) -> None:
    (name,) = read_model(Path(WORDS)).embeddings
    assert len(drawn_ids(gatereel, folder, WORDS, "--embedding", name)) == 3
    ended = gatereel("trace", "--weights", WORDS, "--embedding", "nope")
    assert ended.code == 2
    assert "has no embedding 'nope'" in ended.err


@pytest.mark.parametrize("words", [("verify", WORDS), ("trace", "--weights", WORDS)])
def test_a_vocabulary_without_a_text_is_refused(gatereel: Command, words: tuple[str, ...]) -> None:
    ended = gatereel(*words, "--vocab", "letters.txt")
    assert (ended.code, ended.err) == (
        2,
        "gatereel: --vocab has no text to read; give --inputs FILE or --text TEXT.\n",
    )


def test_no_masked_token_is_drawn() -> None:
    path = KERAS / "tokens.keras"
    chosen = choose(path, Source(layer="lstm"))
    assert bottom(chosen.layer).masked_token == 0
    drawn = random_tokens(chosen, Source(), timesteps=200, seed=0)
    assert drawn is not None
    assert "0" not in drawn.labels
    assert len(set(drawn.labels)) == len(chosen.model.embeddings[drawn.embedding]) - 1


def test_ids_that_an_embedding_lacks_are_refused(gatereel: Command, folder: Path) -> None:
    (folder / "ids.json").write_text("[999]", encoding="utf-8")
    ended = gatereel("trace", "--weights", WORDS, "--inputs", "ids.json")
    assert ended.code == 2
    assert "Token 999 in place 1 is not in the embedding" in ended.err


def test_a_vocabulary_that_does_not_fit_the_embedding_is_refused(
    gatereel: Command, folder: Path
) -> None:
    (folder / "letters.txt").write_text("a\nb\nc\n", encoding="utf-8")
    ended = gatereel("trace", "--weights", WORDS, "--text", "ab", "--vocab", "letters.txt")
    assert ended.code == 2
    assert "letters.txt has 3 tokens, but the embedding" in ended.err


def test_a_masked_token_is_refused(gatereel: Command, folder: Path) -> None:
    (folder / "ids.json").write_text("[1, 0, 2]", encoding="utf-8")
    weights = str(KERAS / "tokens.keras")
    ended = gatereel("trace", "--weights", weights, "--layer", "lstm", "--inputs", "ids.json")
    assert ended.code == 2
    assert "has token 0 in place 2, which the model masks" in ended.err


# --- the picture ---------------------------------------------------------------------------------


def test_a_large_model_shows_chosen_units_and_timesteps(gatereel: Command, folder: Path) -> None:
    write_parameters(folder / "w.npz", random_parameters(GRU, 30, 40, seed=0), GRU)
    np.save(folder / "x.npy", random_inputs(30, 9, seed=1))
    model = ("render", "--weights", "w.npz", "--inputs", "x.npy", "--dry-run")
    chosen = gatereel(*model, "--units", "5,17", "--features", "30", "--from", "4", "--to", "5")
    assert chosen.code == 0
    assert "units 5 and 17 of 40 · input 30 of 30" in chosen.out
    steps = {line.split()[2] for line in chosen.out.splitlines()[5:]}
    assert steps == {"4", "5"}


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--units", "4"), "There is no unit 4; the hidden size is 2"),
        (("--units", "0"), "'0' is not a list of whole numbers from 1 on"),
        (("--units", "a,b"), "'a,b' is not a list of whole numbers from 1 on"),
        (("--features", "9"), "There is no input 9"),
        (("--to", "6"), "--to is 6; the sequence has 5 timesteps"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    gatereel: Command, rows: str, options: tuple[str, ...], hint: str
) -> None:
    ended = gatereel(
        "render", "--weights", str(PYTORCH / "gru-cell.safetensors"), "--inputs", rows, *options
    )
    assert (ended.code, ended.out) == (2, "")
    assert hint in ended.err


def test_a_long_sequence_ends_early_and_says_so(gatereel: Command, folder: Path) -> None:
    np.save(folder / "long.npy", random_inputs(3, 40, seed=1))
    words = ("render", "rnn", "--inputs", "long.npy", "--dry-run")
    short = gatereel(*words)
    assert "the sequence has 40 timesteps; the first 12" in short.err
    assert short.out.splitlines()[-1].split()[2] == "12"
    whole = gatereel(*words, "--timesteps", "40")
    assert (whole.err, whole.out.splitlines()[-1].split()[2]) == ("", "40")


# --- verify --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "options", "names"),
    [
        ("lstm.safetensors", (), ["x", "W_i", "W_f", "W_g", "W_o", "b_i", "b_f", "b_g", "b_o"]),
        ("gru.safetensors", (), ["x", "W_r", "W_z", "W_hn", "W_xn", "b_r", "b_z", "b_hn", "b_xn"]),
        ("lstm-no-bias.safetensors", ("--loss", "c[2]"), ["x", "W_i", "W_f", "W_g", "W_o"]),
        (
            "gru-two-both.pt",
            ("--layer", "gru:2", "--direction", "backward", "--loss", "h[1]@1"),
            ["x", "W_r", "W_z", "W_hn", "W_xn", "b_r", "b_z", "b_hn", "b_xn"],
        ),
        ("gru-cell.safetensors", (), ["x", "W_r", "W_z", "W_hn", "W_xn", "b_r", "b_z"]),
        ("rnn.safetensors", (), ["x", "W_h", "b_h"]),
    ],
)
def test_gradients_are_those_of_autograd(
    gatereel: Command, file: str, options: tuple[str, ...], names: list[str]
) -> None:
    pytest.importorskip("torch")
    ended = gatereel("verify", str(PYTORCH / file), "--gradients", *options)
    assert ended.code == 0, ended.err
    told = re.findall(r"dL/d(\w+)  largest difference from autograd: (\S+)", ended.out)
    assert [name for name, _ in told][: len(names)] == names
    assert all(float(difference) < 1e-13 for _, difference in told)


def test_gradients_of_keras_are_those_of_its_backend(
    gatereel: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip("keras")
    ended = gatereel("verify", str(KERAS / "float64.keras"), "--gradients", "--timesteps", "6")
    assert ended.code == 0, ended.err
    assert "dL/dx  largest difference from autograd" in ended.out


def test_gradients_that_differ_are_told(gatereel: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setattr(
        "gatereel.cli.commands.verify.library_gradients",
        lambda *_: {"x": np.zeros((3, 3)), "W_h": np.zeros((4, 7))},
    )
    ended = gatereel("verify", str(PYTORCH / "rnn.safetensors"), "--gradients")
    assert ended.code == FAILURE
    assert "DIFFERS" in ended.out


def test_onnx_runtime_does_not_differentiate(gatereel: Command) -> None:
    pytest.importorskip("onnxruntime")
    ended = gatereel("verify", str(ONNX / "torch_gru.onnx"), "--gradients", "--timesteps", "3")
    assert ended.code == WRONG_USE
    assert "ONNX does not differentiate a saved model" in ended.err


def test_a_loss_needs_gradients(gatereel: Command) -> None:
    ended = gatereel("verify", str(PYTORCH / "rnn.safetensors"), "--loss", "h")
    assert ended.code == WRONG_USE
    assert "give --gradients, too" in ended.err


def verified(gatereel: Command, path: Path, *options: str) -> None:
    ended = gatereel("verify", str(path), *options)
    assert ended.code == 0, ended.err + ended.out
    assert "agrees" in ended.out


def test_pytorch_agrees(gatereel: Command, rows: str) -> None:
    pytest.importorskip("torch")
    chosen = ("--layer", "lstm:2", "--direction", "backward")
    verified(gatereel, Path(STACK), *chosen, "--inputs", rows)


def test_onnx_runtime_agrees(gatereel: Command, rows: str) -> None:
    path = ONNX / "torch_lstm_both.onnx"
    chosen = ("--layer", "/module/LSTM_1", "--direction", "backward")
    verified(gatereel, path, *chosen, "--inputs", rows)


def test_keras_agrees(gatereel: Command, rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")  # what Keras computes with
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip("keras")
    path = KERAS / "directions.keras"
    np.save(rows, random_inputs(3, 6, seed=0))  # as many as the model's Input says
    verified(gatereel, path, "--layer", "sum", "--direction", "backward", "--inputs", rows)


def test_a_difference_is_the_largest_one_and_no_number_is_infinite() -> None:
    ours = np.array([[0.0, 1.0]])
    assert largest_difference(ours, np.array([[0.25, 1.5]])) == 0.5
    assert largest_difference(ours, np.array([[np.nan, 1.0]])) == np.inf
    assert largest_difference(ours, np.zeros((2, 2))) == np.inf


def test_a_difference_beyond_rounding_ends_with_1(
    gatereel: Command, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> dict[str, np.ndarray[Any, Any]]:
        return {"h": np.full((5, 3), 2.0)}

    monkeypatch.setattr("gatereel.cli.commands.verify.library_states", wrong)
    ended = gatereel("verify", str(ONNX / "torch_gru.onnx"), "--inputs", rows)
    assert ended.code == 1
    assert f"DIFFERS: {TOLERANCES['float32']:.0e}" in ended.out


def test_a_file_without_a_library_is_refused(gatereel: Command, folder: Path) -> None:
    write_parameters(folder / "w.npz", random_parameters(GRU, 3, 2, seed=0), GRU)
    ended = gatereel("verify", "w.npz")
    assert (ended.code, ended.out) == (2, "")
    assert "was not saved by a library" in ended.err


def test_a_library_that_fails_says_why(
    gatereel: Command, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise InputError("The library ends: no memory.")

    monkeypatch.setattr("gatereel.cli.commands.verify.library_states", fails)
    ended = gatereel("verify", str(ONNX / "torch_gru.onnx"), "--inputs", rows)
    assert (ended.code, ended.out) == (2, "")
    assert "The library ends: no memory." in ended.err


@pytest.mark.parametrize("error", [1e-1, 1e-3, 1e-8])
def test_bfloat16_hides_no_error(
    gatereel: Command, rows: str, monkeypatch: pytest.MonkeyPatch, error: float
) -> None:
    """What bfloat16 rounds off is larger than these errors, and explains none of them."""
    pytest.importorskip("torch")
    path = PYTORCH / "gru-bfloat16.safetensors"
    verified(gatereel, path, "--inputs", rows)

    def wrong(*asked: Any) -> dict[str, Array]:
        right = library_states(*asked)
        return {state: values + error for state, values in right.items()}

    monkeypatch.setattr("gatereel.cli.commands.verify.library_states", wrong)
    ended = gatereel("verify", str(path), "--inputs", rows)
    assert ended.code == 1
    assert "DIFFERS: 1e-10 is what float64 rounding explains" in ended.out
    assert "PyTorch in bfloat16, the type that the file asks for: largest" in ended.out


def test_a_large_state_is_rounded_in_proportion() -> None:
    assert scale(np.array([[0.5, -0.25]])) == 1.0
    assert scale(np.array([[-2e6, np.inf]])) == 2e6


def test_a_stream_agrees_call_by_call(gatereel: Command, folder: Path) -> None:
    np.save(folder / "rows.npy", random_inputs(3, 7, seed=0))
    chosen = ("--layer", "/module/LSTM_1", "--inputs", "rows.npy")
    verified(gatereel, ONNX / "stream_stack.onnx", *chosen)


def test_what_the_file_says_of_its_embedding_stands(gatereel: Command, folder: Path) -> None:
    (folder / "ids.json").write_text("[1, 2, 3]")
    options = ("--inputs", "ids.json", "--embedding", "none")
    ended = gatereel("trace", "--weights", str(ONNX / "torch_embedding.onnx"), *options)
    assert (ended.code, ended.out) == (2, "")
    model = read_model(ONNX / "torch_embedding.onnx")
    other = "another"
    chosen = Chosen(
        Path("model.onnx"),
        replace(model, embeddings={**model.embeddings, other: np.ones((5, 3))}),
        model.layers[0],
        "forward",
    )
    source = replace(Source(), inputs=folder / "ids.json", embedding=other)
    with pytest.raises(InputError, match=r"says that the embedding .* feeds .*; leave the option"):
        rows_of(source, 3, chosen)
    raw = replace(chosen, layer=replace(model.layers[0], embedding=""))
    with pytest.raises(InputError, match=r"says that the model's inputs feed"):
        rows_of(source, 3, raw)
    ones = rows_of(replace(source, embedding=None), 4, raw)
    assert np.array_equal(ones.inputs, np.eye(4)[[1, 2, 3]])


# --- first states and chains ----------------------------------------------------------------------


def test_one_run_goes_on_where_another_ended(gatereel: Command, folder: Path, rows: str) -> None:
    model = ("--weights", STACK, "--layer", "lstm:1", "--direction", "forward")
    assert gatereel("trace", *model, "--inputs", rows, "-o", "whole.csv").code == 0
    whole = np.load(folder / rows)
    np.save(folder / "first.npy", whole[:2])
    np.save(folder / "rest.npy", whole[2:])
    assert gatereel("trace", *model, "--inputs", "first.npy", "-o", "first.npz").code == 0
    words = ("--inputs", "rest.npy", "--initial", "first.npz", "-o", "rest.csv")
    assert gatereel("trace", *model, *words).code == 0
    expected = [row["h_1"] for row in table(folder / "whole.csv")][2:]
    assert [row["h_1"] for row in table(folder / "rest.csv")] == expected


def test_a_demo_starts_where_it_is_told(gatereel: Command, folder: Path) -> None:
    (folder / "s.json").write_text('{"h": [0.5, -0.5]}')
    assert gatereel("trace", "rnn", "--initial", "s.json", "-o", "t.json").code == 0
    assert gatereel("render", "rnn", "--initial", "s.json", "--dry-run").code == 0
    wrong = gatereel("trace", "lstm", "--initial", "s.json")
    assert wrong.code == WRONG_USE
    assert "s.json must hold one array c or c0; it holds h." in wrong.err


def test_a_decoder_needs_the_states_that_its_encoder_hands_over(
    gatereel: Command, folder: Path
) -> None:
    model = ("--weights", str(KERAS / "refused.keras"), "--layer", "given_a_state")
    refused = gatereel("trace", *model)
    assert refused.code == WRONG_USE
    assert "The first states of 'given_a_state' are not known: it starts from what" in refused.err
    assert "Give them by --initial FILE" in refused.err
    np.save(folder / "h.npy", np.array([0.5, -0.5]))
    assert gatereel("trace", *model, "--initial", "h.npy", "-o", "t.csv").code == 0


def test_a_decoder_goes_on_from_its_encoder_as_in_keras(gatereel: Command, folder: Path) -> None:
    with np.load(KERAS / "translate.npz") as stored:
        for name in ("source", "target"):
            np.save(folder / f"{name}.npy", stored[name])
        theirs = stored["decoder"]
    model = ("--weights", str(KERAS / "translate.keras"), "--layer")
    first = ("encoder", "--inputs", "source.npy", "-o", "start.npz")
    assert gatereel("trace", *model, *first).code == 0
    then = ("decoder", "--inputs", "target.npy", "--initial", "start.npz", "-o", "t.csv")
    assert gatereel("trace", *model, *then).code == 0
    ours = [[float(row[f"h_{unit}"]) for unit in (1, 2)] for row in table(folder / "t.csv")]
    assert np.abs(np.array(ours) - theirs).max() < FLOAT32


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
def test_pytorch_starts_and_chains_as_it_is_told(gatereel: Command, folder: Path) -> None:
    tensors = import_module("safetensors.numpy")
    random = np.random.default_rng(0)
    made = {}
    for name, inputs, units in (("low", 3, 4), ("up", 8, 2)):
        for level, width in enumerate((inputs, 2 * units)):
            for side in ("", "_reverse"):
                shapes = {"weight_ih": width, "weight_hh": units}
                for tensor, columns in shapes.items():
                    values = random.standard_normal((4 * units, columns)).astype(np.float32)
                    made[f"{name}.{tensor}_l{level}{side}"] = values
    (folder / "m.safetensors").write_bytes(tensors.save(made))
    np.savez(folder / "s.npz", h=random.standard_normal((4, 1, 2)), c=np.ones((4, 2)))
    words = ("--chain", "low,up", "--direction", "backward", "--initial", "s.npz")
    ended = gatereel("verify", "m.safetensors", *words)
    assert ended.code == 0
    assert "m.safetensors  up:2, backward" in ended.out
    assert "each layer is fed as you chained them: low -> up" in ended.out
    differs = gatereel("trace", "--weights", "m.safetensors", *words, "-o", "with.csv")
    assert differs.code == 0
    assert gatereel("trace", "--weights", "m.safetensors", *words[:-2], "-o", "none.csv").code == 0
    assert table(folder / "with.csv") != table(folder / "none.csv")


@pytest.mark.parametrize("name", ["torch_lstm.onnx", "gru_initial.onnx"])
def test_onnx_runtime_starts_as_it_is_told(gatereel: Command, folder: Path, name: str) -> None:
    (layer,) = read_model(ONNX / name).layers
    direction = next(iter(layer.strands))
    names = layer.strands[direction].cell.states
    states: dict[str, Any] = {name: np.full(layer.hidden_size, 0.5) for name in names}
    np.savez(folder / "s.npz", **states)
    words = ("--direction", direction, "--initial", "s.npz", "--timesteps", "6")
    ended = gatereel("verify", str(ONNX / name), *words)
    assert ended.code == 0, ended.err
