"""Layers of a model that is in memory: read, run and recorded without a file."""

from gatereel.rnn_math.live.reading import read_layer
from gatereel.rnn_math.live.recording import Recorded, record
from gatereel.rnn_math.live.tracing import trace

__all__ = ["Recorded", "read_layer", "record", "trace"]
