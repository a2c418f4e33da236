"""Parameters, inputs and traces as JSON.

Parameters: `{"cell": "lstm", "weights": {"f": [[...]]}, "biases": {"f": [...]}}`.
Inputs: a list of rows, one a timestep.
A trace: `cell`, `timesteps`, `inputs`, `initial` (state to values), `nodes` (node to rows).
"""

import json
from pathlib import Path
from typing import Any, NoReturn

from rnn_math.arrays import Array, finite_array
from rnn_math.cell import Cell
from rnn_math.errors import InputError
from rnn_math.files.atomic import write_bytes
from rnn_math.files.parameters_file import ParametersFile
from rnn_math.files.reading import read_text
from rnn_math.parameters import Parameters
from rnn_math.trace import Trace


def read_parameters_json(path: Path) -> ParametersFile:
    """Read parameters; raises InputError when the file is not JSON of the form above."""
    content = _load(path)
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


def read_inputs_json(path: Path) -> Array:
    """Read inputs, `(timesteps, input_size)`; raises InputError when the file is no such list."""
    content = _load(path)
    if not isinstance(content, list):
        raise InputError(f"{path} must be a list of rows, one a timestep: [[0.9, -0.3], ...].")
    return finite_array(f"{path}: the list", content, ndim=2)


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


def write_trace_json(path: Path, trace: Trace) -> None:
    """Write a trace; every number reads back to the last bit."""
    _dump(
        path,
        {
            "cell": trace.cell.name,
            "timesteps": trace.timesteps,
            "inputs": trace.inputs.tolist(),
            "initial": {state: value.tolist() for state, value in trace.initial.items()},
            "nodes": {name: rows.tolist() for name, rows in trace.values.items()},
        },
    )


def _load(path: Path) -> Any:
    text = read_text(path)

    def refuse_constant(constant: str) -> NoReturn:
        raise InputError(f"{path} holds {constant}; every number must be finite.")

    def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key, value in pairs:
            if key in content:
                raise InputError(f"{path} holds {key!r} twice.")
            content[key] = value
        return content

    try:
        return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_duplicates)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except InputError:
        raise
    except ValueError as error:  # a whole number of thousands of digits
        raise InputError(f"{path} is not readable JSON: {error}.") from None
    except RecursionError:
        raise InputError(f"{path} is not readable JSON: its lists are nested too deeply.") from None


def _dump(path: Path, content: dict[str, Any]) -> None:
    write_bytes(path, (json.dumps(content, allow_nan=False) + "\n").encode())
