"""Keras's `.keras` and `.weights.h5` files. Neither Keras nor TensorFlow is needed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.archive import open_archive
from gatereel.rnn_math.files.reading import read_bytes
from gatereel.rnn_math.models.keras.calls import Json
from gatereel.rnn_math.models.keras.cells import WANTED
from gatereel.rnn_math.models.keras.config import KerasLayer, layers_of, parse_config
from gatereel.rnn_math.models.keras.feeds import stages_below
from gatereel.rnn_math.models.keras.graph import model_of_config
from gatereel.rnn_math.models.keras.hdf5 import Hdf5, read_hdf5
from gatereel.rnn_math.models.keras.legacy import (
    VERSION,
    as_keras_2,
    is_before_keras_3,
    is_legacy,
    legacy_model,
    legacy_weights,
)
from gatereel.rnn_math.models.keras.objects import foreign_objects
from gatereel.rnn_math.models.keras.weights import model_of_weights
from gatereel.rnn_math.models.model import Model
from gatereel.rnn_math.models.signatures import HDF5, ZIP
from gatereel.rnn_math.records import dataclass

MAX_CONFIG_BYTES = 1 << 23
"""Largest config.json that is read, 8 MiB; parsed, it takes many times its size in memory."""

_CONFIG, _METADATA, _WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
_NEWEST = "3"
"""What a `.keras` file is taken to be of that does not say its version."""
_ARCHIVE_SUFFIX = ".keras"
_LEGACY_WANTED = (
    r"(^|/)(kernel|recurrent_kernel|bias|embeddings|gamma|beta|moving_mean|moving_variance)(:0)?$"
)
"""The arrays of the older files; whose they are is told by what they stand in."""
_MOST_STAGES = 200
"""Layers below recurrent ones whose weights are read; more are not computed."""
_OLD_PREFIX, _PREFIX = "_layer_checkpoint_dependencies", "layers"
"""What Keras 2.13 called the groups of the layers."""


def read(path: Path) -> Model:
    """Read the recurrent layers of a `.keras`, `.weights.h5` or older `.h5` file.

    Raises InputError when it is damaged or hostile, when it holds no recurrent layer, and when h5py
    is not installed.
    """
    data = read_bytes(path)
    if _is_archive(path, data):
        return _model(_archived(path, data), path)
    h5 = _hdf5(path, data)
    if not is_legacy(h5):
        return model_of_weights(_renamed(h5), path)
    contents = _legacy(path, h5)
    return (
        model_of_weights(legacy_weights(h5), path) if contents is None else _model(contents, path)
    )


@dataclass(frozen=True, eq=False)
class Contents:
    """What a `.keras` file holds."""

    config: Json
    layers: Mapping[str, KerasLayer]
    h5: Hdf5


def read_contents(path: Path) -> Contents:
    """Take a `.keras` file, or a whole model's older `.h5`, apart.

    Raises InputError as `read` does, and for weights alone.
    """
    data = read_bytes(path)
    if _is_archive(path, data):
        return _archived(path, data)
    h5 = _hdf5(path, data)
    contents = _legacy(path, h5) if is_legacy(h5) else None
    if contents is None:
        raise InputError(f"{path} holds weights without the model.")
    return contents


def _model(contents: Contents, path: Path) -> Model:
    model = model_of_config(contents.layers, contents.h5, path)
    return replace(model, foreign=foreign_objects(contents.config))


def _is_archive(path: Path, data: bytes) -> bool:
    return data.startswith(ZIP) or (
        path.suffix.lower() == _ARCHIVE_SUFFIX and not data.startswith(HDF5)
    )


def _archived(path: Path, data: bytes) -> Contents:
    archive = open_archive(data, str(path), "Keras file")
    for name in (_CONFIG, _WEIGHTS):
        if name not in archive.sizes:
            raise InputError(f"{path} holds no {name}, so it is no model saved by Keras 3.")
    config = parse_config(archive.read(_CONFIG, MAX_CONFIG_BYTES), str(path))
    if _METADATA in archive.sizes:
        metadata = parse_config(archive.read(_METADATA, MAX_CONFIG_BYTES), f"{path}: {_METADATA}")
        if is_before_keras_3(str(metadata.get(VERSION, _NEWEST))):
            config = as_keras_2(config)
    layers = layers_of(config, str(path))
    wanted = "|".join([WANTED, *map(_place, list(stages_below(layers).values())[:_MOST_STAGES])])
    h5 = read_hdf5(archive.read(_WEIGHTS), f"{path}: {_WEIGHTS}", wanted, len(data))
    return Contents(config, layers, _renamed(h5))


def _place(stage: KerasLayer) -> str:
    """A regular expression of where the weights of a stage stand, under either name of groups."""
    place = re.escape(stage.path).replace(f"{_PREFIX}/", f"({_PREFIX}|{_OLD_PREFIX})/")
    return f"^{place}(/layer)?/vars/[0-3]$"


def _hdf5(path: Path, data: bytes) -> Hdf5:
    return read_hdf5(data, str(path), f"{WANTED}|{_LEGACY_WANTED}")


def _legacy(path: Path, h5: Hdf5) -> Contents | None:
    found = legacy_model(h5, str(path))
    return None if found is None else Contents(*found)


def _renamed(h5: Hdf5) -> Hdf5:
    """The same file with today's names."""
    if _OLD_PREFIX not in h5.groups:
        return h5
    return Hdf5(
        {name.replace(_OLD_PREFIX, _PREFIX): array for name, array in h5.arrays.items()},
        {name.replace(_OLD_PREFIX, _PREFIX): group for name, group in h5.groups.items()},
        h5.attributes,
    )
