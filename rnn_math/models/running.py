"""Compute a layer of a model over a sequence, the layers below it first."""

from collections.abc import Sequence

import numpy as np

from gatereel.rnn_math.arrays import MAX_MEMORY, Array, check_memory
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Direction, Layer
from gatereel.rnn_math.models.stages import lift
from gatereel.rnn_math.trace import Trace
from gatereel.rnn_math.unroll import moments, unroll


def run(layer: Layer, direction: Direction, inputs: Array) -> Trace:
    """Run one direction of `layer` over the model's inputs, `(timesteps, input_size)`.

    A backward layer reads from the end: the trace's first timestep is the sequence's last. Raises
    InputError when the layer, or one below it, cannot be computed or the inputs do not fit.
    """
    return _trace(layer, direction, layer_inputs(layer, inputs))


def layer_inputs(layer: Layer, inputs: Array) -> Array:
    """What `layer` reads, `(timesteps, input_size)`, in the order of the sequence."""
    check_computable(layer)
    check_fed(layer)
    check_started(layer)
    below = layer.below
    if below is None:
        return lift(layer.stages, inputs)
    states = layer_inputs(below, inputs)
    handed = layer.read({each: _hidden_states(below, each, states) for each in below.strands})
    return lift(layer.stages, handed)


def labels_of(layer: Layer, labels: Sequence[str]) -> tuple[str, ...]:
    """The labels of the model's timesteps as `layer` reads them, in the order of its sequence.

    What stands below may turn the order round, as Keras's go_backwards does; where it mixes
    timesteps, or makes several of one row, there are no labels.
    """
    if layer.repeats:
        return ()
    if layer.below is None or not labels:
        return tuple(labels)
    below = labels_of(layer.below, labels)
    numbers = np.arange(1.0, len(labels) + 1.0)
    states = np.repeat(numbers[:, np.newaxis], layer.below.output_size, axis=1)
    read = layer.read({direction: states for direction in layer.below.strands})
    steps = np.diff(read.mean(axis=1))
    if (steps > 0).all():
        return below
    return below[::-1] if (steps < 0).all() else ()


def check_computable(layer: Layer) -> None:
    """Raise InputError, with the reason, when `layer` cannot be computed as its library would."""
    if layer.refusal:
        raise InputError(f"The layer {layer.name!r} cannot be computed: {layer.refusal}")


def check_fed(layer: Layer) -> None:
    """Raise InputError, with the reason, when what feeds `layer` cannot be computed."""
    if layer.unfed:
        raise InputError(f"What feeds the layer {layer.name!r} cannot be computed: {layer.unfed}")


def check_started(layer: Layer) -> None:
    """Raise InputError, with the reason, when the states that `layer` starts from are not known."""
    if layer.unstarted and not layer.is_given_start:
        raise InputError(f"The first states of {layer.name!r} are not known: {layer.unstarted}")


def bottom(layer: Layer) -> Layer:
    """The layer that reads the model's inputs on the way to `layer`."""
    return layer if layer.below is None else bottom(layer.below)


def _hidden_states(layer: Layer, direction: Direction, inputs: Array) -> Array:
    """A layer's h, `(timesteps, hidden_size)`; nothing else of it is kept."""
    strand = layer.strands[direction]
    check_memory(
        len(inputs) * layer.output_size,
        MAX_MEMORY,
        f"The hidden states of {counted(len(inputs), 'timestep')} of the layer {layer.name!r} take",
        "Use fewer timesteps.",
    )
    read = inputs if direction == "forward" else inputs[::-1]
    states = np.empty((len(inputs), layer.output_size))
    for t, now in enumerate(moments(strand.cell, strand.parameters, read, strand.initial)):
        states[t] = now.step.values["h"]
    return states if direction == "forward" else states[::-1]


def _trace(layer: Layer, direction: Direction, inputs: Array) -> Trace:
    strand = layer.strands[direction]
    read = inputs if direction == "forward" else inputs[::-1]
    return unroll(strand.cell, strand.parameters, read, strand.initial)
