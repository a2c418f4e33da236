"""Parameters, inputs and traces in files, one module a format; `formats` says which is which."""

from rnn_math.files.atomic import atomic_path
from rnn_math.files.formats import (
    INPUT_READERS,
    PARAMETER_READERS,
    PARAMETER_WRITERS,
    TRACE_WRITERS,
    read_inputs,
    read_parameters,
    write_parameters,
    write_trace,
)
from rnn_math.files.parameters_file import ParametersFile
from rnn_math.files.table import format_table

__all__ = [
    "INPUT_READERS",
    "PARAMETER_READERS",
    "PARAMETER_WRITERS",
    "TRACE_WRITERS",
    "ParametersFile",
    "atomic_path",
    "format_table",
    "read_inputs",
    "read_parameters",
    "write_parameters",
    "write_trace",
]
