"""Trained layers written down again: gate by gate, or as the file of another library."""

from gatereel.rnn_math.exporting.gate_files import GATE_SUFFIXES, write_gates
from gatereel.rnn_math.exporting.gates import GateWeights, gates_of
from gatereel.rnn_math.exporting.stored import TYPES
from gatereel.rnn_math.exporting.writing import TARGETS, Exported, export_as

__all__ = [
    "GATE_SUFFIXES",
    "TARGETS",
    "TYPES",
    "Exported",
    "GateWeights",
    "export_as",
    "gates_of",
    "write_gates",
]
