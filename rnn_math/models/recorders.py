"""How to record the rows that a layer reads: a line of its library's own code.

    recorder(model, layer, Path("model.onnx")) -> "x = ..."

What stands before a layer (a Conv1D, a Dense, attention) is computed by the library alone; its
rows, saved once, are the inputs of `at_layer`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.models.model import Layer, Model

ROWS = "rows.npy"
"""What the lines call the file that they write."""


def recorder(model: Model, layer: Layer, path: Path) -> str:
    """Code that saves what `layer` reads, for one sequence, as `(timesteps, input_size)`.

    Empty where no line does it: for a layer inside a stack, whose library hands nothing of it out.
    """
    made = _RECORDERS.get(model.library)
    return "" if made is None else made(layer, path)


def _pytorch(layer: Layer, path: Path) -> str:
    if layer.level > 1:
        return ""
    module = "model" if not layer.found_at else f"model.get_submodule({layer.found_at!r})"
    return (
        f"{module}.register_forward_pre_hook(lambda _, x: numpy.save({ROWS!r}, "
        f"x[0].detach().reshape(-1, {layer.input_size}))); model(inputs)"
    )


def _keras(layer: Layer, path: Path) -> str:
    *outer, name = layer.found_at.split("/")
    model = "".join(["model", *(f".get_layer({each!r})" for each in outer)])
    return (
        f"numpy.save({ROWS!r}, keras.Model({model}.inputs, {model}.get_layer({name!r}).input)"
        f".predict(inputs).reshape(-1, {layer.input_size}))"
    )


def _onnx(layer: Layer, path: Path) -> str:
    return (
        f"m = onnx.load({shortened(path.name)}); "
        f"m.graph.output.append(onnx.ValueInfoProto(name={layer.found_at!r})); "
        f"numpy.save({ROWS!r}, onnxruntime.InferenceSession(m.SerializeToString())"
        f".run([{layer.found_at!r}], inputs)[0].reshape(-1, {layer.input_size}))"
    )


_RECORDERS: Mapping[str, Callable[[Layer, Path], str]] = MappingProxyType(
    {"PyTorch": _pytorch, "Keras": _keras, "ONNX": _onnx}
)
