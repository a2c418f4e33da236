"""What torch.save wrote before version 1.6: five pickles, one behind the other, and the numbers.

    old_root(data, where) -> the object of the file, as `pickle_outline` has it

The pickles are a magic number, a version, facts of the machine, the object, and the keys of its
storages; behind them stands each storage, its length before it.
"""

import pickletools
from io import BytesIO

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.pytorch.pickle_outline import Claims, outline

_PICKLES = 5
_OBJECT = 3
_LITTLE_ENDIAN = "little_endian"
_MACHINE = 2


def old_root(data: bytes, where: str, most_bytes: int) -> object:
    """Follow the pickles on inert values; raises InputError as `outline` does.

    All storages together may claim as many bytes as stand behind the pickles.
    """
    pickles, behind = _split(data, where, most_bytes)
    claims = Claims(behind)
    root: object = None
    for number, pickle in enumerate(pickles):
        value = outline(pickle, claims if number == _OBJECT else {}, where)
        if number == _OBJECT:
            root = value
        if number == _MACHINE and isinstance(value, dict) and value.get(_LITTLE_ENDIAN) is False:
            raise InputError(
                f"{where} was saved on a machine with another order of bytes; save it again on one "
                "with little-endian numbers."
            )
    return root


def _split(data: bytes, where: str, most_bytes: int) -> tuple[list[bytes], int]:
    """The five pickles, and how many bytes stand behind them."""
    stream = BytesIO(data)
    found = []
    for _ in range(_PICKLES):
        start = stream.tell()
        try:
            for instruction, _, _ in pickletools.genops(stream):
                if instruction.name == "STOP" or stream.tell() - start > most_bytes:
                    break
        except (ValueError, OverflowError):  # what pickletools raises for a damaged one
            raise InputError(
                f"{where} has a damaged pickle; save model.state_dict() again."
            ) from None
        end = stream.tell()
        if end - start > most_bytes:
            raise InputError(f"{where} has a pickle of more than {most_bytes} bytes.")
        found.append(data[start:end])
    return found, len(data) - stream.tell()
