"""Keras files that are damaged or made to harm: nothing but InputError may come of them."""

import copy
import json
import random
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import read_model
from gatereel.rnn_math.models.keras.cells import WANTED, read_weights
from gatereel.rnn_math.models.keras.config import layers_of, parse_config
from gatereel.rnn_math.models.keras.graph import model_of_config
from gatereel.rnn_math.models.keras.hdf5 import Hdf5, StoredArray, read_hdf5

pytestmark = pytest.mark.usefixtures("arrays_read_once")

KERAS = Path(__file__).parents[2] / "models" / "keras"
NAMES = ("kinds.keras", "directions.keras", "tokens.keras", "refused.keras", "nested.keras")
CONFIG, WEIGHTS = "config.json", "model.weights.h5"

MUTATIONS = 120
"""Changed configurations for each file; more found nothing else."""

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1,
    10**30,
    0.5,
    float("inf"),
    "",
    "lstm",
    "x" * 1000,
    "\ud800",
    [],
    {},
)
"""What may stand in the place of anything."""


@cache
def member(name: str, inner: str) -> bytes:
    with zipfile.ZipFile(KERAS / name) as archive:
        return archive.read(inner)


@cache
def weights(name: str) -> Hdf5:
    return read_hdf5(member(name, WEIGHTS), name, WANTED)


def read_only_input_errors(data: bytes, h5: Hdf5) -> bool:
    """Whether the configuration is read; anything but InputError passes through."""
    try:
        model_of_config(
            layers_of(parse_config(data, "model.keras"), "model.keras"), h5, Path("model.keras")
        )
    except InputError:
        return False
    return True


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value, as a container and a key."""
    found = []
    left = [value]
    while left:
        each = left.pop()
        keys = each.keys() if isinstance(each, dict) else range(len(each))
        for key in keys:
            found.append((each, key))
            if isinstance(each[key], dict | list):
                left.append(each[key])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_changed_configurations_end_in_input_errors(name: str) -> None:
    chance = random.Random(name)
    config = json.loads(member(name, CONFIG))
    results = []
    for _ in range(MUTATIONS):
        changed = copy.deepcopy(config)
        for _ in range(chance.choice((1, 1, 2, 5))):
            container, key = chance.choice(places(changed))
            container[key] = chance.choice(ODD)
        results.append(read_only_input_errors(json.dumps(changed).encode(), weights(name)))
    assert any(results)
    assert not all(results)


@pytest.mark.parametrize("name", NAMES)
def test_changed_bytes_of_configurations_end_in_input_errors(name: str) -> None:
    chance = random.Random(name)
    for _ in range(MUTATIONS):
        data = bytearray(member(name, CONFIG))
        for _ in range(chance.choice((1, 3))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        read_only_input_errors(bytes(data[: chance.choice((len(data), 500))]), weights(name))


def packed(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def kinds(**changed: bytes) -> dict[str, bytes]:
    name = "half.weights.h5"
    return {CONFIG: member("kinds.keras", CONFIG), WEIGHTS: (KERAS / name).read_bytes(), **changed}


def test_zip_bombs_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.keras", **kinds(bomb=bytes(1 << 27)))
    with pytest.raises(InputError, match="unpacks to"):
        read_model(path)


def test_large_configurations_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.keras", **kinds(**{CONFIG: b" " * ((1 << 25) + 1)}))
    with pytest.raises(InputError, match=r"config\.json"):
        read_model(path)


def test_names_that_leave_the_archive_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.keras", **kinds(**{"../evil": b"x"}))
    with pytest.raises(InputError, match="leads out of the archive"):
        read_model(path)
    assert [each.name for each in tmp_path.iterdir()] == ["a.keras"], "nothing was unpacked"


@pytest.mark.parametrize("missing", [CONFIG, WEIGHTS])
def test_missing_members_are_named(tmp_path: Path, missing: str) -> None:
    members = kinds()
    del members[missing]
    with pytest.raises(InputError, match=f"holds no {missing}"):
        read_model(packed(tmp_path / "a.keras", **members))


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the layer 'lstm_of_mine'.*holds 0 arrays"):
        read_model(packed(tmp_path / "a.keras", **kinds()))


def test_a_kernel_that_keras_could_not_draw_is_named_with_the_way_on() -> None:
    # What Keras 3.15 saves of LSTM(2, dtype="bfloat16") with PyTorch: the kernel alone.
    kernel = StoredArray((3, 8), "bfloat16", np.zeros((3, 8)))
    half_built = Hdf5({"layers/lstm/cell/vars/0": kernel}, {}, frozenset())
    with pytest.raises(InputError, match=r"without its recurrent kernel.*float32.*save it again"):
        read_weights(half_built, "layers/lstm", "a.keras")


def test_a_lambda_is_never_touched(tmp_path: Path) -> None:
    """Its bytes would end the process when they were unmarshalled and run."""
    config = json.loads(member("tokens.keras", CONFIG))
    code = {"class_name": "__lambda__", "config": {"code": "4wAAAAA=", "defaults": None}}
    layer = {
        "module": "keras.layers",
        "class_name": "Lambda",
        "config": {"name": "evil", "function": code},
        "registered_name": None,
    }
    config["config"]["layers"].insert(2, layer)
    data = kinds(**{CONFIG: json.dumps(config).encode(), WEIGHTS: member("tokens.keras", WEIGHTS)})
    lower = read_model(packed(tmp_path / "a.keras", **data)).layers[0]
    assert "the Lambda layer 'evil'" in lower.unfed


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.6, 0.9, 0.999])
def test_truncated_files_are_refused(tmp_path: Path, share: float) -> None:
    for name in ("nested.keras", "half.weights.h5"):
        data = (KERAS / name).read_bytes()
        path = tmp_path / name
        path.write_bytes(data[: max(1, int(share * len(data)))])
        with pytest.raises(InputError, match=name):
            read_model(path)


def test_files_of_other_things_are_refused(tmp_path: Path) -> None:
    h5py: Any = pytest.importorskip("h5py")
    stream = BytesIO()
    with h5py.File(stream, "w") as file:
        file["layers/dense/vars/0"] = [[1.0]]
    path = tmp_path / "dense.weights.h5"
    path.write_bytes(stream.getvalue())
    with pytest.raises(InputError, match="holds no recurrent cell"):
        read_model(path)


def test_names_of_keras_2_13_are_read(tmp_path: Path) -> None:
    h5py: Any = pytest.importorskip("h5py")
    stream = BytesIO()
    with h5py.File(stream, "w") as file:
        for k, shape in enumerate([(3, 8), (2, 8), (8,)]):
            file[f"_layer_checkpoint_dependencies/lstm/cell/vars/{k}"] = np.ones(shape)
    path = tmp_path / "old.weights.h5"
    path.write_bytes(stream.getvalue())
    (layer,) = read_model(path).layers
    assert (layer.name, layer.kind, layer.input_size, layer.hidden_size) == ("lstm", "LSTM", 3, 2)
