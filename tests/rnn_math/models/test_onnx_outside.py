"""Numbers kept outside an ONNX file are read from a plain file beside it, and from nowhere else."""

from pathlib import Path

import onnx
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import read_model
from tests.rnn_math.models.onnx_builders import one_node, saved


def outside(folder: Path, **entries: str) -> Path:
    """A model whose W is kept in another file."""
    made = one_node("GRU")
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)
    return saved(folder, made)


W_BYTES = 6 * 3 * 4


@pytest.mark.parametrize(
    "location",
    ["../secret", "/etc/passwd", "sub/weights", "..", "", "a\0b", "C:weights", "..\\secret"],
)
def test_numbers_outside_are_read_from_the_own_folder_only(tmp_path: Path, location: str) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for path in (tmp_path / "secret", folder / "sub" / "weights"):
        path.write_bytes(bytes(W_BYTES))
    with pytest.raises(InputError, match="only a file in the model's own folder"):
        read_model(outside(folder, location=location))


def test_links_and_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(bytes(W_BYTES))
    assert read_model(outside(tmp_path, location="real")).layers[0].refusal == ""
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "folder").mkdir()
    for location in ("link", "folder", "absent", "n" * 5000):
        with pytest.raises(InputError, match="links are not followed"):
            read_model(outside(tmp_path, location=location))


@pytest.mark.parametrize(
    ("offset", "length"),
    [("4", str(W_BYTES)), ("-4", str(W_BYTES)), ("0", str(W_BYTES - 4)), ("x", "1"), ("0", "1e9")],
)
def test_places_outside_the_file_beside(tmp_path: Path, offset: str, length: str) -> None:
    (tmp_path / "real").write_bytes(bytes(W_BYTES))
    with pytest.raises(InputError, match="is damaged: tensor 'W'"):
        read_model(outside(tmp_path, location="real", offset=offset, length=length))
