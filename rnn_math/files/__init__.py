"""Parameters, inputs and traces in files, one module a format; `formats` says which is which."""

from typing import TYPE_CHECKING

from gatereel.lazy import lazily

if TYPE_CHECKING:
    from gatereel.rnn_math.files.atomic import atomic_path
    from gatereel.rnn_math.files.columns import parse_columns
    from gatereel.rnn_math.files.formats import (
        INPUT_READERS,
        PARAMETER_READERS,
        PARAMETER_WRITERS,
        TRACE_WRITERS,
        read_inputs,
        read_parameters,
        read_sample,
        read_sequence,
        stream_trace,
        write_parameters,
        write_trace,
    )
    from gatereel.rnn_math.files.initial_states import read_initial
    from gatereel.rnn_math.files.npz_files import read_arrays
    from gatereel.rnn_math.files.parameters_file import ParametersFile
    from gatereel.rnn_math.files.table import format_table
    from gatereel.rnn_math.files.vocabulary import Vocabulary, read_text_sequence, read_vocabulary
else:
    __getattr__ = lazily(
        __name__,
        {
            "atomic": ("atomic_path",),
            "columns": ("parse_columns",),
            "formats": (
                "INPUT_READERS",
                "PARAMETER_READERS",
                "PARAMETER_WRITERS",
                "TRACE_WRITERS",
                "read_inputs",
                "read_parameters",
                "read_sample",
                "read_sequence",
                "stream_trace",
                "write_parameters",
                "write_trace",
            ),
            "initial_states": ("read_initial",),
            "npz_files": ("read_arrays",),
            "parameters_file": ("ParametersFile",),
            "table": ("format_table",),
            "vocabulary": (
                "Vocabulary",
                "read_text_sequence",
                "read_vocabulary",
            ),
        },
    )

__all__ = [
    "INPUT_READERS",
    "PARAMETER_READERS",
    "PARAMETER_WRITERS",
    "TRACE_WRITERS",
    "ParametersFile",
    "Vocabulary",
    "atomic_path",
    "format_table",
    "parse_columns",
    "read_arrays",
    "read_initial",
    "read_inputs",
    "read_parameters",
    "read_sample",
    "read_sequence",
    "read_text_sequence",
    "read_vocabulary",
    "stream_trace",
    "write_parameters",
    "write_trace",
]
