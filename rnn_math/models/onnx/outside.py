"""Numbers that an ONNX file keeps in another file: one in the model's own folder, or none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.onnx.errors import damaged, shown_name
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True)
class OutsideFile:
    """Where a tensor's numbers are."""

    path: Path
    available: int
    """Bytes in that file."""
    offset: int

    def read(self, size: int) -> bytes:
        """Return `size` bytes; raises InputError when that fails."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                return file.read(size)
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}.") from error


def place_of(model: Path, tensor: onnx.TensorProto, size: int) -> OutsideFile:
    """Where the `size` bytes of a tensor are.

    Raises InputError when that is anywhere but in a plain file beside the model's, or not inside
    that file. Links are not followed.
    """
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    name, where = shown_name(tensor.name), shown_name(location)
    if not _is_plain_name(location):
        raise InputError(
            f"{model}: tensor '{name}' is kept in '{where}'; only a file in the model's own folder "
            "is read."
        )
    beside = model.parent / location
    try:
        regular = beside.is_file() and not beside.is_symlink()
        available = beside.stat().st_size if regular else 0
    except (OSError, ValueError):
        regular, available = False, 0
    if not regular:
        raise InputError(
            f"{model}: tensor '{name}' is kept in '{where}', which is no file in the model's "
            "folder; keep the two files together (links are not followed)."
        )
    try:
        offset = int(entries.get("offset", "0"))
        length = int(entries.get("length", str(size)))
    except ValueError:
        raise damaged(model, name, f"its place in '{where}' is not a number") from None
    if length != size or offset < 0 or offset + length > available:
        raise damaged(
            model,
            name,
            f"it needs {size} bytes; its place in '{where}', which has {available}, is {length} "
            f"from byte {offset} on",
        )
    return OutsideFile(beside, available, offset)


def _is_plain_name(location: str) -> bool:
    plain = isinstance(location, str) and location not in ("", ".", "..")
    return plain and not any(c in location for c in "/\\:\0")
