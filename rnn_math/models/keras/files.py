"""Keras's `.keras` and `.weights.h5` files. Neither Keras nor TensorFlow is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.archive import open_archive
from gatereel.rnn_math.files.reading import read_bytes
from gatereel.rnn_math.models.keras.calls import Json
from gatereel.rnn_math.models.keras.cells import WANTED
from gatereel.rnn_math.models.keras.config import KerasLayer, layers_of, parse_config
from gatereel.rnn_math.models.keras.graph import model_of_config
from gatereel.rnn_math.models.keras.hdf5 import Hdf5, read_hdf5
from gatereel.rnn_math.models.keras.objects import foreign_objects
from gatereel.rnn_math.models.keras.weights import model_of_weights
from gatereel.rnn_math.models.model import Model

MAX_CONFIG_BYTES = 1 << 23
"""Largest config.json that is read, 8 MiB; parsed, it takes many times its size in memory."""

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_ARCHIVE_SUFFIX = ".keras"
_OLD_PREFIX, _PREFIX = "_layer_checkpoint_dependencies", "layers"
"""What Keras 2.13 called the groups of the layers."""

_LEGACY_ATTRIBUTES = {"model_config", "layer_names"}
"""What the root has in Keras 2's HDF5 formats, of whole models and of weights."""


def read(path: Path) -> Model:
    """Read the recurrent layers of a `.keras` or `.weights.h5` file.

    Raises InputError when it is damaged, hostile or of an older format, when it holds no
    recurrent layer, and when h5py is not installed.
    """
    if path.suffix.lower() == _ARCHIVE_SUFFIX:
        contents = read_contents(path)
        model = model_of_config(contents.layers, contents.h5, path)
        return replace(model, foreign=foreign_objects(contents.config))
    h5 = read_hdf5(read_bytes(path), str(path), WANTED)
    if h5.attributes & _LEGACY_ATTRIBUTES or "model_weights" in h5.groups:
        raise InputError(
            f"{path} is in Keras's older HDF5 format. Load it in Keras and save it again with "
            "model.save('name.keras')."
        )
    return model_of_weights(_renamed(h5), path)


@dataclass(frozen=True, eq=False)
class Contents:
    """What a `.keras` file holds."""

    config: Json
    layers: Mapping[str, KerasLayer]
    h5: Hdf5


def read_contents(path: Path) -> Contents:
    """Take a `.keras` file apart; raises InputError as `read` does."""
    data = read_bytes(path)
    archive = open_archive(data, str(path), "Keras file")
    for name in (_CONFIG, _WEIGHTS):
        if name not in archive.sizes:
            raise InputError(f"{path} holds no {name}, so it is no model saved by Keras 3.")
    config = parse_config(archive.read(_CONFIG, MAX_CONFIG_BYTES), str(path))
    layers = layers_of(config, str(path))
    h5 = read_hdf5(archive.read(_WEIGHTS), f"{path}: {_WEIGHTS}", WANTED, len(data))
    return Contents(config, layers, _renamed(h5))


def _renamed(h5: Hdf5) -> Hdf5:
    """The same file with today's names."""
    if _OLD_PREFIX not in h5.groups:
        return h5
    return Hdf5(
        {name.replace(_OLD_PREFIX, _PREFIX): array for name, array in h5.arrays.items()},
        {name.replace(_OLD_PREFIX, _PREFIX): group for name, group in h5.groups.items()},
        h5.attributes,
    )
