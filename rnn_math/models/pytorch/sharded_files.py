"""State dicts in several `.safetensors` files, with an index of which tensor is in which.

`model.safetensors.index.json` has a `weight_map` of names to files, which stand beside it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.archive import quoted
from gatereel.rnn_math.files.reading import MAX_BYTES, read_bytes
from gatereel.rnn_math.models.audio.reading import content_of
from gatereel.rnn_math.models.model import Model
from gatereel.rnn_math.models.pytorch.safetensors_files import tensors_of
from gatereel.rnn_math.models.pytorch.state_dict import model_of_tensors
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor
from gatereel.rnn_math.models.signatures import WEIGHT_MAP

MAX_SHARDS = 1000

_SEPARATORS = "/\\:\0"


def read(path: Path) -> Model:
    """Read the recurrent layers of all parts. Raises InputError as `model_of_tensors` does.

    A part that is missing, no plain file in the folder of the index, or without a tensor that the
    index says it has, is an error, too.
    """
    tensors: dict[str, StoredTensor] = {}
    for shard, data, names in parts(path):
        stored = tensors_of(data, shard)
        for name in names:
            if name not in stored:
                raise InputError(
                    f"{path} says that {shard.name} holds {quoted(name)}; it does not."
                )
            tensors[name] = stored[name]
    return model_of_tensors(tensors, path)


def parts(path: Path) -> Iterator[tuple[Path, bytes, list[str]]]:
    """Each part with its bytes and the names of the tensors that are read from it."""
    where = content_of(path).get(WEIGHT_MAP)
    if not isinstance(where, dict) or not all(isinstance(each, str) for each in where.values()):
        raise InputError(f"{path}: {WEIGHT_MAP} must be an object of names of files.")
    by_shard: dict[str, list[str]] = {}
    for name, shard in where.items():
        by_shard.setdefault(shard, []).append(name)
    if len(by_shard) > MAX_SHARDS:
        raise InputError(f"{path} has {len(by_shard)} parts; at most {MAX_SHARDS} are read.")
    left = MAX_BYTES
    for shard, names in by_shard.items():
        beside = _beside(path, shard)
        data = read_bytes(beside, left)
        left -= len(data)
        yield beside, data, names


def _beside(path: Path, shard: str) -> Path:
    """A part's place. Raises InputError where it is no plain file in the folder of the index."""
    is_plain = shard not in ("", ".", "..") and not any(each in shard for each in _SEPARATORS)
    if not is_plain:
        raise InputError(
            f"{path} names the part {quoted(shard)}; only a file in its own folder is read."
        )
    beside = path.parent / shard
    try:
        is_there = beside.is_file() and not beside.is_symlink()
    except (OSError, ValueError):  # a name that no file can have
        is_there = False
    if not is_there:
        raise InputError(
            f"{path} names the part {quoted(shard)}, which is no file in its folder; keep all "
            "parts together (links are not followed)."
        )
    return beside


def loaded(path: Path, load: Any) -> Mapping[str, Any]:
    """The tensors as `load` makes them of each part's bytes, such as safetensors.torch.load."""
    tensors: dict[str, Any] = {}
    for _, data, names in parts(path):
        stored = load(data)
        tensors |= {name: stored[name] for name in names}
    return tensors
