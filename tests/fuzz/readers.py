"""Every reader of files, with good files to damage."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np

from gatereel.cli.posts import Directive, find_directives, read_post, rewrite
from gatereel.cli.posts.replacing import replace_image
from gatereel.rnn_math import LSTM, random_parameters
from gatereel.rnn_math.files import read_initial, read_sequence, read_vocabulary, write_parameters
from gatereel.rnn_math.models import at_layer, read_model, run
from gatereel.scenes.language.files import load_language
from gatereel.scenes.theme.files import load_theme
from tests.cli.posts.outside import outside
from tests.fuzz.mutate import mutate
from tests.fuzz.mutate_onnx import mutate_onnx

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "tests/models"
MOST_BYTES = 60_000
"""Larger files are no seeds: damage rarely meets what matters in them."""

_VALUES = b"0.5,-1,2e-3\n1,2,3\n-4,5,6\n"
_NAMED = b"day,a,b\nMon,1,2\nTue,3,4.5\n"
_VOCABULARY = "a\nb\n \n<unk>\n\\n\nẩn\n".encode()
_OLD_KERAS = (
    *("kinds", "directions", "nested", "tokens"),
    *("repeated", "repeated_keras_2", "stage_tokens"),
)
_PICTURE = '<picture>\n<img src="a.gif" alt="a">\n</picture>\n'


Damage = Callable[[bytes, Random, tuple[bytes, ...]], bytes]


@dataclass(frozen=True)
class Reader:
    """A reader: what it reads, and good files."""

    suffix: str
    read: Callable[[Path], object]
    seeds: tuple[bytes, ...]
    damage: Damage = mutate
    """Takes a file, where chance comes from, and all seeds."""


def _of_models(*patterns: str) -> tuple[bytes, ...]:
    found = sorted(path for pattern in patterns for path in MODELS.glob(pattern))
    return tuple(p.read_bytes() for p in found if p.stat().st_size <= MOST_BYTES)


def _compute(path: Path) -> None:
    """Read a model and run each of its layers over three timesteps."""
    for each in read_model(path).layers:
        layer = lowest = at_layer(each) if each.unfed else each
        while lowest.below is not None:
            lowest = lowest.below
        if not layer.refusal and lowest.fed_size <= 1000:
            timesteps = 1 if lowest.repeats else 3
            for direction in layer.strands:
                run(layer, direction, np.ones((timesteps, lowest.fed_size)))


def _with_vocabulary(path: Path) -> object:
    vocabulary = path.with_name("vocabulary.txt")
    vocabulary.write_bytes(_VOCABULARY)
    return read_sequence(path, vocabulary=vocabulary)


def _parameters(suffix: str) -> tuple[bytes, ...]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"p{suffix}"
        write_parameters(path, random_parameters(LSTM, 3, 2, 0), LSTM)
        return (path.read_bytes(),)


_PART = (ROOT / "tests/models/pytorch/lstm-no-bias.safetensors").read_bytes()
_INDEX = json.dumps(
    {"weight_map": dict.fromkeys(("weight_ih_l0", "weight_hh_l0"), "part.safetensors")}
).encode()


def _in_parts(path: Path) -> None:
    path.with_name("part.safetensors").write_bytes(_PART)
    _compute(path)


def _first_states(path: Path) -> object:
    return read_initial(path, LSTM.states)


def _states() -> tuple[bytes, ...]:
    stream = BytesIO()
    np.savez(stream, h=np.ones(2), c=np.ones((1, 2)))
    return (stream.getvalue(),)


def _arrays(*arrays: object) -> tuple[bytes, ...]:
    def saved(array: object) -> bytes:
        stream = BytesIO()
        np.save(stream, np.asarray(array))
        return stream.getvalue()

    return tuple(map(saved, arrays))


def check_post(path: Path) -> None:
    """Read, find, write blocks and replace; nothing outside of the blocks may change."""
    content = path.read_bytes()
    post = read_post(content)
    assert post.encode() == content
    directives = [each for each in find_directives(post) if isinstance(each, Directive)]
    written = read_post(rewrite(post, {each: _PICTURE for each in directives}))
    assert outside(written) == outside(post)
    replaced = replace_image(post, "a.gif", ["lstm"])
    assert replaced.count or replaced.post.encode() == content


_POSTS = tuple(path.read_bytes() for path in sorted((ROOT / "tests/posts").glob("*.md")))
_SEQUENCES = (
    json.dumps([[0.5, -1.0], [2.0, 3.0]]).encode(),
    json.dumps({"labels": ["a", 2], "inputs": [[1, 2], [3, 4]]}).encode(),
    json.dumps([1, 2, 3]).encode(),
)

READERS: Mapping[str, Reader] = {
    "npz": Reader(".npz", _compute, _parameters(".npz")),
    "json parameters": Reader(".json", _compute, _parameters(".json")),
    "npy": Reader(".npy", read_sequence, _arrays([[0.5, 1], [2, 3]], [1, 2, 3], np.ones(4, "i1"))),
    "json": Reader(".json", read_sequence, _SEQUENCES),
    "csv": Reader(".csv", read_sequence, (_VALUES, _NAMED)),
    "txt": Reader(".txt", _with_vocabulary, ("a b ab\nẩn b\n".encode(),)),
    "vocabulary": Reader(".txt", read_vocabulary, (_VOCABULARY,)),
    "theme": Reader(
        ".toml",
        load_theme,
        tuple(path.read_bytes() for path in sorted((ROOT / "scenes/theme").glob("*.toml"))),
    ),
    "language": Reader(
        ".toml",
        load_language,
        tuple(path.read_bytes() for path in sorted((ROOT / "scenes/language").glob("*.toml"))),
    ),
    "safetensors": Reader(
        ".safetensors",
        _compute,
        _of_models("pytorch/*.safetensors", "pytorch/normed/*.safetensors"),
    ),
    "onnx": Reader(".onnx", _compute, _of_models("onnx/*.onnx"), mutate_onnx),
    "keras": Reader(".keras", _compute, _of_models("keras/*.keras")),
    "weights.h5": Reader(".weights.h5", _compute, _of_models("keras/*.weights.h5")),
    "h5": Reader(".h5", _compute, _of_models(*(f"keras/{name}.h5" for name in _OLD_KERAS))),
    "pt": Reader(".pt", _compute, _of_models("pytorch/*.pt", "pytorch/*.pth")),
    "old pth": Reader(".pth", _compute, _of_models("pytorch/old/*.pth")),
    "nam": Reader(".nam", _compute, _of_models("audio/*.nam")),
    "audio json": Reader(".json", _compute, _of_models("audio/*.json")),
    "index of parts": Reader(".json", _in_parts, (_INDEX,)),
    "first states": Reader(".json", _first_states, (b'{"h": [0.1, -0.2], "c0": [[1, 2]]}',)),
    "first states npz": Reader(".npz", _first_states, _states()),
    "post": Reader(".md", check_post, _POSTS),
}
"""Every reader by a name for the table of counts."""
