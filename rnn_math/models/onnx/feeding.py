"""How a recurrent node of an ONNX file is fed: by what, and through what is computed between."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.models.model import Layer
from gatereel.rnn_math.models.onnx.arithmetic import ARITHMETIC
from gatereel.rnn_math.models.onnx.cells import Settings
from gatereel.rnn_math.models.onnx.errors import RefusedError
from gatereel.rnn_math.models.onnx.graph import Graph
from gatereel.rnn_math.models.onnx.lifting import (
    check_lifted,
    lifted_entry,
    stage_above,
    stage_of_entry,
    way_to,
)
from gatereel.rnn_math.models.onnx.wiring import Below, Chain, find_entry, source_of
from gatereel.rnn_math.models.stages import Stage
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    import onnx


@dataclass(frozen=True, eq=False)
class Found:
    """A recurrent node."""

    node: onnx.NodeProto
    layer: Layer
    settings: Settings | None = None
    """None when the layer is refused, as the next."""
    chain: Chain | None = None
    """None, too, when what feeds it cannot be computed."""
    alone: Chain | None = None
    """The chain where the rows that the node reads are given."""


@dataclass(eq=False)
class Reading:
    """What has been found in a file so far."""

    graph: Graph
    found: list[Found] = field(default_factory=list)
    by_output: dict[str, Found] = field(default_factory=dict)
    """The recurrent node of an output's name."""
    embeddings: dict[str, Array] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    types: set[int] = field(default_factory=set)


def feeding_of(
    reading: Reading, fed: str, input_size: int, chosen: Settings
) -> tuple[Chain, Found | None, tuple[Stage, ...]]:
    """How a node is fed, the recurrent node below it, and what is computed between the two.

    Raises RefusedError where that is not computed.
    """
    graph = reading.graph
    try:
        source = source_of(graph, fed)
        if source in reading.by_output:
            return *_above(reading, source), ()
        entry = find_entry(graph, fed, input_size, batch_first=chosen.batch_first)
        return Chain(entry), None, ()
    except RefusedError:
        nodes, root = way_to(graph, fed, tuple(reading.by_output))
        if not any(node.op_type in ARITHMETIC for node in nodes):
            raise
    if root not in reading.by_output:
        entry = lifted_entry(graph, fed, input_size, batch_first=chosen.batch_first)
        stage = stage_of_entry(graph, fed, entry, input_size, chosen.batch_first)
        return Chain(entry), None, (stage,)
    chain, below = _above(reading, root)
    check_lifted(graph, fed, chain, batch_first=chosen.batch_first)
    stage = stage_above(graph, fed, chain, input_size, chosen.batch_first)
    return chain, below, (stage,)


def _above(reading: Reading, source: str) -> tuple[Chain, Found]:
    """The chain of a node that reads `source`, an output of a recurrent node, and that node."""
    below = reading.by_output[source]
    if below.chain is None or below.settings is None or below.layer.unstarted:
        raise RefusedError(f"it reads {below.layer.name!r}, which cannot be computed.")
    if source != below.node.output[0]:
        raise RefusedError(f"it reads the last state of {below.layer.name!r}, not a sequence.")
    directions = len(below.settings.directions)
    passed = Below(source, directions, below.layer.hidden_size, below.settings.batch_first)
    return below.chain.above(passed), below
