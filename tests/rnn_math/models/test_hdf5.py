"""HDF5 files that lead elsewhere, claim too much, or are damaged."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import Array, InputError
from gatereel.rnn_math.models.keras import hdf5, hdf5_walk
from tests.warm_hdf5 import warm_reading

h5py: Any = pytest.importorskip("h5py")

STARTS_PYTHON = True
"""As the command does; most tests have files read by copies of one process, as some do here."""

ROOT = Path(__file__).parents[3]
KERAS = Path(__file__).parents[2] / "models" / "keras"
HEAP = b"GCOL"
"""Begins the part of a file that holds its texts, each after its length in eight bytes."""

ALL = "."
VALUES = np.array([[0.5, -1.25, 3.0], [1e-3, 2.0, 7.5]])


def written(fill: Callable[[Any], object]) -> bytes:
    stream = BytesIO()
    with h5py.File(stream, "w") as file:
        fill(file)
    return stream.getvalue()


def values_of(read: hdf5.Hdf5, path: str) -> Array:
    values = read.arrays[path].values
    assert values is not None
    return values


def told(data: bytes) -> dict[str, Any]:
    """What the walk answers, in this process: quick, and safe for files that are well formed."""
    answer: dict[str, Any] = json.loads(hdf5_walk.answer(data, ALL)[0])
    return answer


def test_arrays_come_as_float64() -> None:
    def fill(file: Any) -> None:
        for stored in ("<f8", ">f8", "<f4", "<f2"):
            file.create_dataset(f"layers/{stored}", data=VALUES.astype(stored))

    arrays = hdf5.read_hdf5(written(fill), "x", ALL).arrays
    assert len(arrays) == 4
    for path, array in arrays.items():
        stored = path.removeprefix("layers/")
        assert array.values is not None
        assert array.values.dtype == np.float64
        assert np.array_equal(array.values, VALUES.astype(stored).astype(np.float64))
        assert array.shape == VALUES.shape
        assert array.dtype == f"float{8 * int(stored[-1])}"


def test_bfloat16_is_the_upper_half_of_float32() -> None:
    values = np.array([0.5, -1.25, 3.0], np.float32)

    def fill(file: Any) -> None:
        upper = (values.view(np.uint32) >> 16).astype("<u2")
        file.create_dataset("a", data=upper.view("V2")).attrs["dtype"] = "bfloat16"

    with warm_reading():
        read = hdf5.read_hdf5(written(fill), "x", ALL)
    assert read.arrays["a"].dtype == "bfloat16"
    assert np.array_equal(values_of(read, "a"), values.astype(np.float64))


def test_packed_arrays_are_read() -> None:
    def fill(file: Any) -> None:
        file.create_dataset("gzip", data=VALUES, compression="gzip", shuffle=True)
        file.create_dataset("lzf", data=VALUES, compression="lzf")

    with warm_reading():
        read = hdf5.read_hdf5(written(fill), "x", ALL)
    assert all(np.array_equal(values_of(read, name), VALUES) for name in ("gzip", "lzf"))


def test_only_wanted_arrays_are_read_and_groups_are_named() -> None:
    def fill(file: Any) -> None:
        file["a/vars/0"] = VALUES
        file["b/vars/0"] = VALUES
        file["a/vars"].attrs["name"] = "mine"
        file["a/counts"] = np.arange(3)
        file.attrs["layer_names"] = "x"

    with warm_reading():
        read = hdf5.read_hdf5(written(fill), "x", "^b/")
    assert read.arrays["a/vars/0"].values is None
    assert np.array_equal(values_of(read, "b/vars/0"), VALUES)
    assert set(read.arrays) == {"a/vars/0", "b/vars/0"}
    assert read.groups == {"": "", "a": "", "a/vars": "mine", "b": "", "b/vars": ""}
    assert read.attributes == {"layer_names"}


def soft_link(file: Any) -> None:
    file["a"] = h5py.SoftLink("/b")


def external_link(file: Any) -> None:
    file["a"] = h5py.ExternalLink("/etc/hostname", "/")


def external_storage(file: Any) -> None:
    file.create_dataset("a", shape=(4,), dtype="f4", external=[("secret", 0, 16)])


def virtual(file: Any) -> None:
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("other.h5", "a", shape=(4,))
    file.create_virtual_dataset("a", layout)


def cycle(file: Any) -> None:
    file["a/b/c"] = VALUES
    file["a/b/up"] = file["a"]


def twice(file: Any) -> None:
    file["a"] = VALUES
    file["b"] = file["a"]


def not_stored(file: Any) -> None:
    file.create_dataset("a", shape=(10_000, 10_000), dtype="f4")


def not_stored_but_packed(file: Any) -> None:
    dataset = file.create_dataset(
        "a", shape=(10_000, 10_000), dtype="f4", chunks=(100, 100), compression="gzip"
    )
    dataset[0, 0] = 1.0


def huge(file: Any) -> None:
    shape = (1 << 40, 1 << 20)
    file.create_dataset("a", shape=shape, dtype="f8", chunks=(1, 8), fillvalue=1.0)


def many_dimensions(file: Any) -> None:
    file["a"] = np.ones((1,) * 12)


def other_filter(file: Any) -> None:
    file.create_dataset("a", data=VALUES, fletcher32=True)


def deep(file: Any) -> None:
    file["/".join("a" * 60)] = VALUES


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (soft_link, "link at 'a'"),
        (external_link, "link at 'a'"),
        (external_storage, "in another file"),
        (virtual, "in another file"),
        (cycle, "in two ways"),
        (twice, "in two ways"),
        (not_stored, "does not hold it"),
        (not_stored_but_packed, "does not hold it"),
        (huge, "bytes together"),
        (many_dimensions, "8 dimensions"),
        (other_filter, "filter"),
        (deep, "inside one another"),
    ],
)
def test_hostile_files_are_refused(fill: Callable[[Any], None], reason: str) -> None:
    assert reason in told(written(fill))["error"]


def test_hostile_files_are_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"^the file has a link at 'a'; links are not followed"):
        hdf5.read_hdf5(written(external_link), "the file", ALL)


def test_objects_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(file: Any) -> None:
        for k in range(5):
            file[f"a{k}"] = VALUES

    data = written(fill)
    monkeypatch.setattr(hdf5_walk, "MAX_OBJECTS", 6)
    assert "error" not in told(data)
    monkeypatch.setattr(hdf5_walk, "MAX_OBJECTS", 5)
    assert told(data)["error"] == "has more than 5 groups and arrays."


def test_truncated_files_are_refused() -> None:
    data = written(lambda file: file.create_dataset("a/b", data=VALUES))
    for length in (1, 100, len(data) // 2, len(data) - 1):
        refused = r"^the file is (not a readable|a damaged) HDF5 file"
        with warm_reading(), pytest.raises(InputError, match=refused):
            hdf5.read_hdf5(data[:length], "the file", ALL)


def test_a_file_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hdf5, "SECONDS", 0.0)
    with pytest.raises(InputError, match="takes too long to read"):
        hdf5.read_hdf5(b"x", "the file", ALL)


def test_a_damaged_file_that_makes_the_library_loop_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """HDF5 2.0 never comes back from a wrong length; other versions may find the damage."""
    data = bytearray((KERAS / "half.weights.h5").read_bytes())
    data[data.index(b"half", data.index(HEAP)) - 8] = 255
    monkeypatch.setattr(hdf5, "SECONDS", 1.0)
    with pytest.raises(InputError):
        hdf5.read_hdf5(bytes(data), "the file", ALL)


def test_a_failure_of_the_reading_process_is_told_as_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hdf5_walk, "__name__", "this.does.not.exist")
    message = r"^the file was not read: .*No module named"
    with pytest.raises(InputError, match=message):
        hdf5.read_hdf5(b"x", "the file", ALL)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (-signal.SIGSEGV, "is a damaged HDF5 file"),
        (-signal.SIGXCPU, "takes too long"),
        (-signal.SIGKILL, "was not read: .*SIGKILL"),
        (hdf5_walk.TOO_LITTLE_MEMORY, "needs more memory"),
        (1, "was not read: .*ImportError: no such thing"),
    ],
)
def test_how_the_reading_process_ended_says_whose_fault_it_is(
    monkeypatch: pytest.MonkeyPatch, code: int, message: str
) -> None:
    ended = subprocess.CompletedProcess([], code, b"", b"Traceback\nImportError: no such thing\n")
    monkeypatch.setattr(
        "gatereel.rnn_math.models.keras.hdf5.subprocess.run", lambda *_, **__: ended
    )
    with pytest.raises(InputError, match=message):
        hdf5.read_hdf5(b"x", "the file", ALL)


def test_a_good_file_is_read_where_the_clone_is_not_installed(tmp_path: Path) -> None:
    """Where the packages lie is told to the process that reads, whoever knows it."""
    places = [place for place in sys.path if "site-packages" in place]
    program = (
        f"import sys; sys.path += {[str(ROOT), *places]!r}\n"
        "from pathlib import Path\n"
        "from gatereel.rnn_math.models.keras.hdf5 import read_hdf5\n"
        f"data = Path({str(KERAS / 'half.weights.h5')!r}).read_bytes()\n"
        "print(len(read_hdf5(data, 'x', '').arrays))"
    )
    # -S leaves out what an installation tells Python.
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_process_ends_with_the_one_that_began_it() -> None:
    child = (
        "import os, sys, time; from gatereel.rnn_math.processes import end_with_parent; "
        "end_with_parent(int(sys.argv[1])); print('here', flush=True); time.sleep(600)"
    )
    parent = (
        "import os, subprocess, sys; "
        f"subprocess.run([sys.executable, '-c', {child!r}, str(os.getpid())])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.kill()
        # The child holds this pipe open as long as it lives.
        assert process.stdout.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no bound on time there")
def test_a_process_may_compute_for_a_while_and_no_longer() -> None:
    program = "from gatereel.rnn_math.processes import limit_cpu; limit_cpu(0.1)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGXCPU


def test_a_missing_h5py_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    class Done:
        returncode = hdf5_walk.MISSING_H5PY
        stdout = b""
        stderr = b""

    monkeypatch.setattr(
        "gatereel.rnn_math.models.keras.hdf5.subprocess.run", lambda *_, **__: Done()
    )
    monkeypatch.setattr("gatereel.rnn_math.models.packages.import_module", missing)
    with pytest.raises(InputError, match=r"needs h5py.*pip install h5py .*gatereel\[keras\]"):
        hdf5.read_hdf5(b"x", "the file", ALL)
