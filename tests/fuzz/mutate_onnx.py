"""Damage to ONNX files that are whole again afterwards: fields that are changed, gone or twice."""

from contextlib import suppress
from random import Random
from typing import Any

from tests.fuzz.mutate import mutate

_INTEGERS = (0, -1, 1, 2, 3, 7, 255, 10**6, 2**31, 2**62, -(2**63))
_FLOATS = (0.0, 1e38, float("nan"), float("inf"))
_TEXTS = ("", "x", "LSTM", "GRU", "RNN", "Reshape", "Slice", "Squeeze", "Transpose", "Gather", "If")


def mutate_onnx(data: bytes, random: Random, others: tuple[bytes, ...] = ()) -> bytes:
    """`data` with one to three fields changed, or, in every second file, with its bytes damaged."""
    if random.random() < 0.5:
        return mutate(data, random, others)
    import onnx

    model = onnx.ModelProto.FromString(data)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = _fields(model)
        if places:
            with suppress(TypeError, ValueError):  # a number that its field cannot hold
                _change(*random.choice(places), random)
    return model.SerializeToString() or b"\x00"


def _fields(message: Any) -> list[tuple[Any, str]]:
    """Every field that is set, of the message and of those within, with the message it is in."""
    found: list[tuple[Any, str]] = []
    waiting = [message]
    while waiting:
        host = waiting.pop()
        for field, value in host.ListFields():
            found.append((host, field.name))
            if field.message_type is not None:
                waiting.extend([value] if hasattr(value, "ListFields") else value)
    return found


def _change(host: Any, name: str, random: Random) -> None:
    value = getattr(host, name)
    if hasattr(value, "ListFields") or random.random() < 0.15:
        host.ClearField(name)
    elif isinstance(value, int | float | str | bytes):
        setattr(host, name, _another(value, random))
    else:
        place = random.randrange(len(value))
        chosen = random.randrange(3)
        if chosen == 0:
            del value[place]
        elif chosen == 1 or hasattr(value[place], "ListFields"):
            value.append(value[random.randrange(len(value))])
        else:
            value[place] = _another(value[place], random)


def _another(value: float | str | bytes, random: Random) -> float | str | bytes:
    if isinstance(value, bytes):
        cut = value[: random.randrange(len(value) + 1)]
        return random.choice((cut, random.randbytes(len(value))))
    if isinstance(value, str):
        return random.choice(_TEXTS)
    return random.choice(_INTEGERS if isinstance(value, int) else _FLOATS)
