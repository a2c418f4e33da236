"""Parameters and sequences as JSON.

Parameters: `{"cell": "lstm", "weights": {"f": [[...]]}, "biases": {"f": [...]}}`.
A sequence: a list with a row, a token id or a token a timestep; or such a list with labels,
`{"labels": ["Mon", ...], "inputs": [[...], ...]}`.
"""

import json
from pathlib import Path
from typing import Any, NoReturn

from gatereel.rnn_math.arrays import finite_array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.atomic import write_bytes
from gatereel.rnn_math.files.labels import shown_label
from gatereel.rnn_math.files.parameters_file import ParametersFile
from gatereel.rnn_math.files.reading import read_text, text_memory
from gatereel.rnn_math.files.vocabulary import Vocabulary
from gatereel.rnn_math.parameters import Parameters
from gatereel.rnn_math.sequence import InputSequence

_LIST_BYTES, _NUMBER_BYTES, _TEXT_BYTES, _PAIR_BYTES = 104, 40, 64, 200
"""What CPython takes for a short list or object, a number, a text, and an entry of an object, with
the place of each in what is around it."""


def read_parameters_json(path: Path) -> ParametersFile:
    """Read parameters; raises InputError when the file is not JSON of the form above."""
    content = parsed(read_text(path), str(path))
    if not isinstance(content, dict):
        raise InputError(f"{path} must be an object with cell, weights and biases.")
    for key in content:
        if key not in ("cell", "weights", "biases"):
            raise InputError(f"{path} holds {key!r}; accepted are cell, weights and biases.")
    cell = content.get("cell")
    if cell is not None and not isinstance(cell, str):
        raise InputError(f"{path}: cell is {cell!r}; it must be a text, such as 'lstm'.")
    for key in ("weights", "biases"):
        if not isinstance(content.get(key), dict):
            raise InputError(f"{path}: {key} must be an object with a list for each weighted sum.")
    return ParametersFile(cell, content["weights"], content["biases"])


def read_sequence_json(path: Path, vocabulary: Vocabulary | None = None) -> InputSequence:
    """Read a sequence as `parse_json` does."""
    return parse_json(read_text(path), vocabulary, str(path))


def parse_json(text: str, vocabulary: Vocabulary | None, name: str) -> InputSequence:
    """Rows of numbers, token ids, or texts that are tokens of `vocabulary`, with or without labels.

    Raises InputError when it is none of these, or a vocabulary is missing or has no part in it.
    """
    content = parsed(text, name)
    labels: tuple[str, ...] = ()
    if isinstance(content, dict) and set(content) == {"labels", "inputs"}:
        labels = _labels(content["labels"], name)
        content = content["inputs"]
    if not isinstance(content, list):
        raise InputError(
            f"{name} must be a list of rows, one a timestep: [[0.9, -0.3], ...]; or an object "
            'with such a list as "inputs" and a list of texts as "labels".'
        )
    sequence = _unlabelled(content, vocabulary, name)
    try:
        return sequence.labelled(labels) if labels else sequence
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def _unlabelled(content: list[Any], vocabulary: Vocabulary | None, name: str) -> InputSequence:
    if content and all(type(item) is str for item in content):
        if vocabulary is None:
            raise InputError(
                f"{name} holds texts; they need a vocabulary, a file with one token a line."
            )
        return vocabulary.sequence(content, name)
    if content and all(type(item) is int for item in content):
        try:
            sequence = InputSequence(tokens=tuple(content))
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
    else:
        sequence = InputSequence(finite_array(f"{name}: the list", content, ndim=2))
    return sequence if vocabulary is None else vocabulary.label(sequence, name)


def _labels(content: Any, name: str) -> tuple[str, ...]:
    """Labels are texts; whole numbers, such as years, will do."""
    if not isinstance(content, list) or not content:
        raise InputError(f"{name}: labels must be a list of texts, one a timestep.")
    for place, label in enumerate(content, start=1):
        if type(label) not in (str, int):
            raise InputError(f"{name}: label {place} is no text; one is needed for each timestep.")
    return tuple(shown_label(str(label)) for label in content)


def write_parameters_json(path: Path, parameters: Parameters, cell: Cell) -> None:
    """Write parameters so that `read_parameters_json` gives them back to the last bit."""
    _dump(
        path,
        {
            "cell": cell.name,
            "weights": {name: W.tolist() for name, W in parameters.weights.items()},
            "biases": {name: b.tolist() for name, b in parameters.biases.items()},
        },
    )


def parsed(text: str, name: str) -> Any:
    """What a text in JSON says.

    Raises InputError when it is none, holds a number that is not finite or a key twice, or would
    take too much memory.
    """

    def refuse_constant(constant: str) -> NoReturn:
        raise InputError(f"{name} holds {constant}; every number must be finite.")

    def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key, value in pairs:
            if key in content:
                raise InputError(f"{name} holds {key!r} twice.")
            content[key] = value
        return content

    _check_values(text, name)
    try:
        return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_duplicates)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except InputError:
        raise
    except ValueError as error:  # a whole number of thousands of digits
        raise InputError(f"{name} is not readable JSON: {error}.") from None
    except RecursionError:
        raise InputError(f"{name} is not readable JSON: its lists are nested too deeply.") from None


def _check_values(text: str, name: str) -> None:
    """Raise InputError for a text whose values would take more memory than a text may.

    They are counted by their signs, those inside of texts as well: never too few.
    """
    lists = text.count("[") + text.count("{")
    needed = (
        _LIST_BYTES * lists
        + _NUMBER_BYTES * text.count(",")
        + _TEXT_BYTES * (text.count('"') // 2)
        + _PAIR_BYTES * text.count(":")
    )
    allowed = text_memory(len(text))
    if needed > allowed:
        raise InputError(
            f"{name} holds so many lists and values that they would take {needed} bytes; at most "
            f"{allowed} are set aside for {len(text)} characters. Use .npy, .npz or .csv."
        )


def _dump(path: Path, content: dict[str, Any]) -> None:
    write_bytes(path, (json.dumps(content, allow_nan=False) + "\n").encode())
