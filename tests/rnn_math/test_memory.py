"""Small files that ask for much memory: refused before it is set aside, in a process of their own.

The bound is said once, in `rnn_math/files/reading.py`.
"""

import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import (
    LSTM,
    RNN,
    InputError,
    demo_inputs,
    random_inputs,
    random_parameters,
    unroll,
)
from gatereel.rnn_math.files import read_parameters, read_sequence

MOST = 450
"""Megabytes of a process that reads an attack: Python, numpy, the file, and what may be taken."""

MOST_SECONDS = 30.0
"""Of the process's own computing, which others on the machine do not slow down: each takes one at
most, imports included, and the slowest of them took 81."""

HANG_GUARD = 300
"""Seconds; each takes a few."""

READ = """
import json, resource, sys
from pathlib import Path
from gatereel.rnn_math import InputError

def computed():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])

for name, code in json.loads(sys.argv[1]):
    path = Path(name)
    before = computed()
    try:
        exec(code)
        reason = "read"
    except InputError as error:
        reason = str(error)
    # Not ru_maxrss of its own: Linux lets a process begin with that of the one which started it.
    status = Path("/proc/self/status").read_text()
    own = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps([reason, own, children, computed() - before]))
"""

MODEL = "from gatereel.rnn_math.models import read_model; read_model(path)"
SEQUENCE = "from gatereel.rnn_math.files import read_sequence; read_sequence(path)"
THEME = "from gatereel.scenes.theme.files import load_theme; load_theme(path)"
TEXT = (
    "from gatereel.rnn_math.files import read_sequence; "
    "read_sequence(path, vocabulary=path.with_name('vocabulary.txt'))"
)


def hdf5_of_zeros() -> bytes:
    """Half a gigabyte of noughts in half a megabyte: one packed chunk, stored 32 times."""
    h5py: Any = pytest.importorskip("h5py")
    stream, packed = BytesIO(), zlib.compress(bytes(4 * 1000 * 4000), 9)
    with h5py.File(stream, "w") as file:
        kernel = file.create_dataset(
            "layers/lstm/cell/vars/0", (32_000, 4000), "<f4", chunks=(1000, 4000), compression=9
        )
        for k in range(32):
            kernel.id.write_direct_chunk((1000 * k, 0), packed)
    return stream.getvalue()


def weights_h5(path: Path) -> None:
    path.write_bytes(hdf5_of_zeros())


def keras(path: Path) -> None:
    config = {"module": "keras", "class_name": "Sequential", "config": {"name": "a", "layers": []}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", hdf5_of_zeros())


def npz(path: Path) -> None:
    np.savez_compressed(path, W_h=np.zeros((8000, 8000), "i1"))


def safetensors(path: Path) -> None:
    """One tensor under a thousand names, as safetensors notes tied weights."""
    header: dict[str, Any] = {"__metadata__": {f"emb{k}.weight": "emb.weight" for k in range(1000)}}
    start = 0
    for name, shape in (
        ("emb.weight", (500, 500)),
        ("lstm.weight_ih_l0", (8, 2)),
        ("lstm.weight_hh_l0", (8, 2)),
    ):
        stop = start + 4 * shape[0] * shape[1]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, stop]}
        start = stop
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(start))


def torch_views(path: Path) -> None:
    torch: Any = pytest.importorskip("torch")
    tied = torch.zeros(500, 500)
    tensors = {f"lstm.{name}": each for name, each in torch.nn.LSTM(2, 2).state_dict().items()}
    torch.save(tensors | {f"emb{k}.weight": tied for k in range(1000)}, path)


def wide_csv(path: Path) -> None:
    path.write_text("10," * 10_000_000 + "1\n")


def json_lists(path: Path) -> None:
    path.write_text("[" + "[]," * (8 << 20) + "[]]")


def tokens_npy(path: Path) -> None:
    np.save(path, np.full(20_000_000, 300, "i2"))


def words(path: Path) -> None:
    path.with_name("vocabulary.txt").write_text("ab\n<unk>\n")
    path.write_text("ab " * 10_000_000)


def onnx_nodes(path: Path) -> None:
    """Five million empty nodes: each is the field's number, and a length of nought."""
    field_7, length = b"\x3a", b"\x80\xad\xe2\x04"  # the graph, 10,000,000 bytes
    path.write_bytes(field_7 + length + b"\x0a\x00" * 5_000_000)


def onnx_names(path: Path) -> None:
    """A node of five million empty names."""
    graph, node = b"\x3a\x85\xad\xe2\x04", b"\x0a\x80\xad\xe2\x04"  # five bytes more, and so many
    path.write_bytes(graph + node + b"\x0a\x00" * 5_000_000)


def dotted_key(path: Path) -> None:
    path.write_text(".".join("a" * 20_000) + " = 1\n")


Attack = tuple[str, Callable[[Path], None], str, str]
"""A file's name, what makes it, how it is read, and what is said of it."""

ATTACKS: tuple[Attack, ...] = (
    ("a.weights.h5", weights_h5, MODEL, "claims 128000000 numbers"),
    ("a.keras", keras, MODEL, "claims 128000000 numbers"),
    ("a.npz", npz, MODEL, "claims 64000000 numbers"),
    ("a.safetensors", safetensors, MODEL, "claims 250250032 numbers"),
    ("nodes.onnx", onnx_nodes, MODEL, "they would take more than 100000050 bytes"),
    ("names.onnx", onnx_names, MODEL, "more than 1000000 nodes, names, attributes"),
    ("a.csv", wide_csv, SEQUENCE, "more than 1000000 columns"),
    ("a.json", json_lists, SEQUENCE, "so many lists and values"),
    ("a.npy", tokens_npy, SEQUENCE, "more than 4194304 tokens"),
    ("a.txt", words, TEXT, "more than 4194304 tokens"),
    ("a.toml", dotted_key, THEME, "more than 200 dots"),
)
OF_TORCH: Attack = ("a.pt", torch_views, MODEL, "claims 250000048 numbers")


def check(folder: Path, *attacks: Attack) -> None:
    """Have one process read the files in turn; its peak is that of all it has read so far."""
    for name, make, *_ in attacks:
        make(folder / name)
    asked = [(str(folder / name), code) for name, _, code, _ in attacks]
    done = subprocess.run(
        [sys.executable, "-c", READ, json.dumps(asked)],
        capture_output=True,
        text=True,
        timeout=HANG_GUARD,
        check=True,
    )
    for (name, *_, reason), line in zip(attacks, done.stdout.splitlines(), strict=True):
        told, own, children, seconds = json.loads(line)
        assert reason in told, name
        assert max(own, children) < MOST, name
        assert seconds < MOST_SECONDS, name


def test_small_files_take_no_gigabytes(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    check(tmp_path, *ATTACKS)


def test_a_small_file_of_torch_takes_no_gigabytes(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    check(tmp_path, OF_TORCH)


def test_matrices_of_noughts_may_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, cell="rnn", W_h=np.zeros((1000, 1500)), b_h=np.zeros(1000))
    assert path.stat().st_size < 100_000
    _, parameters = read_parameters(path)
    assert parameters.weights["h"].shape == (1000, 1500)


def test_a_long_csv_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    values = np.arange(120_000.0).reshape(-1, 3) / 8
    lines = [",".join(map(str, row)) for row in values.tolist()]
    path.write_text("a,b,c\r\n" + "\r\n".join(lines))
    rows = read_sequence(path).rows
    assert rows is not None
    assert np.array_equal(rows, values)


HUGE = 10**12


@pytest.mark.parametrize(
    "ask",
    [
        lambda: random_inputs(3, HUGE, 0),
        lambda: demo_inputs(LSTM, HUGE),
        lambda: random_parameters(LSTM, 3, HUGE, 0),
        lambda: random_parameters(LSTM, HUGE, 2, 0),
    ],
)
def test_huge_sizes_are_refused_by_name(ask: Callable[[], object]) -> None:
    with pytest.raises(InputError, match=r"1000000000000.* take \d+ bytes; at most 1073741824 are"):
        ask()


def test_values_of_a_long_sequence_are_refused_before_they_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The package gives the function the name of its module.
    monkeypatch.setattr(sys.modules[unroll.__module__], "MAX_MEMORY", 1000)
    parameters = random_parameters(RNN, 3, 2, 0)
    # h, hx and the weighted sum: nine numbers of eight bytes a timestep.
    assert unroll(RNN, parameters, random_inputs(3, 13, 0)).timesteps == 13
    with pytest.raises(InputError, match=r"14 timesteps of RNN .* take 1008 bytes.*gatereel trace"):
        unroll(RNN, parameters, random_inputs(3, 14, 0))
