"""`gatereel squash`, `why` and `gradient`: files, numbers, bad input."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gatereel.cli.app import WRONG_USE
from gatereel.cli.options.clips import REASONS
from gatereel.rnn_math import CELLS, random_parameters
from gatereel.rnn_math.files import write_parameters

WEIGHTS_ALONE = Path(__file__).parents[2] / "models" / "keras" / "all.weights.h5"

Command = Callable[..., Any]
SMALL = ("--width", "300")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "written"),
    [
        (("squash",), "squash.gif"),
        (("squash", "tanh", "--still"), "squash-tanh.png"),
        (("squash", "RELU", "-o", "new/"), "new/squash-relu.gif"),
        (("why", "state", "-o", "a.png"), "a.png"),
        (("gradient", "rnn", "--timesteps", "5"), "gradient-rnn.gif"),
        (("gradient", "--still", "--transparent"), "gradient-rnn-lstm-gru.png"),
        (("squash", "--transparent"), "squash.webp"),
        (("squash", "--for", "github"), "squash.gif"),
    ],
)
def test_a_file_is_written(
    gatereel: Command, folder: Path, words: tuple[str, ...], written: str
) -> None:
    ended = gatereel(*words, *SMALL)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"{written}  ")
    with Image.open(folder / written) as picture:
        assert picture.width == 300


@pytest.mark.slow
def test_why_has_all_its_pictures_in_a_folder(gatereel: Command, folder: Path) -> None:
    assert gatereel("why", "-o", "why/", "--still", "-q", *SMALL).code == 0
    assert {path.name for path in (folder / "why").iterdir()} == {f"why-{r}.png" for r in REASONS}


def test_one_file_is_for_one_picture(gatereel: Command, folder: Path) -> None:
    ended = gatereel("why", "state", "gate", "-o", "a.gif")
    assert ended.code == WRONG_USE
    assert "-o a.gif is one file, but there are 2 pictures; name a folder" in ended.err
    assert list(folder.iterdir()) == []


def test_numbers_are_written_to_every_digit(gatereel: Command, folder: Path) -> None:
    assert gatereel("squash", "--values", "5,0.1,-0.5", "-o", "a.csv", "-o", "a.json").code == 0
    rows = list(csv.DictReader((folder / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert [float(row["value"]) for row in rows] == [5.0, 0.1, -0.5]
    s = np.array([5.0, 0.1, -0.5])
    expected = 1.0 / (1.0 + np.exp(-s))
    np.testing.assert_allclose([float(row["sigmoid"]) for row in rows], expected, rtol=1e-15)
    told = json.loads((folder / "a.json").read_text(encoding="utf-8"))
    assert told["tanh"] == np.tanh(s).tolist()


def test_a_gradient_s_numbers_are_a_row_a_timestep(gatereel: Command, folder: Path) -> None:
    assert gatereel("gradient", "rnn", "--scale", "0.5,1", "-o", "a.csv").code == 0
    rows = list(csv.DictReader((folder / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["timestep"] for row in rows] == [str(t) for t in range(1, 31)]
    half = [float(row["rnn, scale 0.5: arrives"]) for row in rows]
    assert half[0] < 1e-8 < half[-1] == 1.0


def test_models_have_a_band_each(gatereel: Command, folder: Path) -> None:
    for name, seed in (("first", 1), ("second", 2)):
        parameters = random_parameters(CELLS["gru"], 3, 4, seed)
        write_parameters(folder / f"{name}.json", parameters, CELLS["gru"])
    words = ("--weights", "first.json", "--weights", "second.json", "--seed", "3")
    assert gatereel("gradient", *words, "-o", "a.json").code == 0
    told = json.loads((folder / "a.json").read_text(encoding="utf-8"))
    assert list(told) == [
        "timestep",
        *(
            f"{name}: {what}"
            for name in ("first", "second")
            for what in ("arrives", "straight way")
        ),
    ]


def test_random_cells_read_a_file(gatereel: Command, folder: Path) -> None:
    Path("x.csv").write_text("0.1,0.2\n" * 7, encoding="utf-8")
    assert gatereel("gradient", "lstm", "--inputs", "x.csv", "-o", "a.json").code == 0
    assert len(json.loads(Path("a.json").read_text(encoding="utf-8"))["timestep"]) == 7


def arrives(gatereel: Command, *words: str) -> list[float]:
    ended = gatereel("gradient", *words, "-o", "a.json")
    assert ended.code == 0, ended.err
    told = json.loads(Path("a.json").read_text(encoding="utf-8"))
    (name,) = (name for name in told if name.endswith(": arrives"))
    found: list[float] = told[name]
    return found


@pytest.mark.parametrize("of_model", [False, True])
def test_a_gradient_goes_back_from_where_first_states_led(
    gatereel: Command, folder: Path, of_model: bool
) -> None:
    """Of a GRU's two units: another start gives another gradient, noughts the same one."""
    words = ["gru", "--hidden-size", "2", "--seed", "1", "--timesteps", "4"]
    if of_model:
        write_parameters(Path("p.json"), random_parameters(CELLS["gru"], 3, 2, 1), CELLS["gru"])
        words = ["--weights", "p.json", "--timesteps", "4"]
    Path("far.json").write_text('{"h": [0.9, -0.9]}', encoding="utf-8")
    Path("nought.json").write_text('{"h": [0.0, 0.0]}', encoding="utf-8")
    usual = arrives(gatereel, *words)
    assert arrives(gatereel, *words, "--initial", "nought.json") == usual
    assert arrives(gatereel, *words, "--initial", "far.json") != usual
    Path("wide.json").write_text('{"h": [0.9, -0.9, 0.1]}', encoding="utf-8")
    ended = gatereel("gradient", *words, "--initial", "wide.json", "-o", "a.json")
    assert ended.code == WRONG_USE
    assert "wide.json: h has shape (3,); (2,) is needed" in ended.err


def test_a_gradient_is_of_the_top_of_a_chain(gatereel: Command, folder: Path) -> None:
    Path("x.csv").write_text("0.1,0.2,-0.5\n0.7,-0.1,0.2\n" * 3, encoding="utf-8")
    words = ("--weights", str(WEIGHTS_ALONE), "--inputs", "x.csv")
    assert len(arrives(gatereel, *words, "--chain", "first,both,plain")) == 6
    alone = gatereel("gradient", *words, "--layer", "plain", "-o", "a.json")
    assert "x.csv has 3 columns; the layer 'plain'" in alone.err
    ended = gatereel("gradient", *words, "--chain", "first,plain", "-o", "a.json")
    assert ended.code == WRONG_USE
    assert "they are no chain" in ended.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("squash sine", "'sine' is none of sigmoid, tanh, relu, hard_sigmoid"),
        ("squash --values 1,x", "--values: 'x' is no number"),
        ("squash --values 1,2,3,4,5", "--values has 5 numbers; 1 to 4 have room"),
        ("squash sigmoid tanh relu", "3 functions are asked for; one or two have room"),
        ("squash -o a.txt", "names no format"),
        ("squash --width 3", "width"),
        ("why because", "'because' is none of state, gate, candidate, output or slopes"),
        ("gradient lsmt", "'lsmt'"),
        ("gradient --timesteps 61", "--timesteps is 61; the trained cells read 60"),
        ("gradient --timesteps 1", "--timesteps"),
        ("gradient --scale 0", "The scale is 0; a positive number is accepted"),
        ("gradient --scale a", "--scale: 'a' is no number"),
        ("gradient --forget-bias much", "--forget-bias: 'much' is no number"),
        ("gradient rnn --forget-bias 1", "no gate that keeps its state"),
        ("gradient --clip 0", "The threshold is 0; a positive number is accepted"),
        ("gradient --scale 1,2,3", "9 bands are asked for; 1 to 6 have room"),
        ("gradient --layer lstm", "--layer is of a model's file"),
        ("gradient --chain a,b", "--chain is of a model's file"),
        ("gradient --weights none.pt", "none.pt"),
        ("gradient rnn --weights none.pt", "says which cell it holds; leave 'rnn' out"),
        ("gradient --weights none.pt --hidden-size 3", "--hidden-size is of random cells"),
    ],
)
def test_what_cannot_be_used_is_told(
    gatereel: Command, folder: Path, words: str, message: str
) -> None:
    ended = gatereel(*words.split())
    assert ended.code == WRONG_USE
    assert message in ended.err
    assert list(folder.iterdir()) == []
