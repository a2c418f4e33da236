"""Trained models: read from the files of PyTorch, Keras and ONNX, chosen from, and run."""

from typing import TYPE_CHECKING

from gatereel.lazy import lazily

if TYPE_CHECKING:
    from gatereel.rnn_math.models.chaining import chained
    from gatereel.rnn_math.models.choose import (
        at_layer,
        choose_direction,
        choose_layer,
        with_nonlinearity,
    )
    from gatereel.rnn_math.models.exactness import precision
    from gatereel.rnn_math.models.formats import (
        PROOF_TYPES,
        library_gradients,
        library_own_states,
        library_states,
        read_model,
    )
    from gatereel.rnn_math.models.model import (
        Direction,
        Layer,
        Model,
        Outputs,
        Strand,
        side_by_side,
    )
    from gatereel.rnn_math.models.recorders import recorder
    from gatereel.rnn_math.models.running import (
        bottom,
        check_computable,
        check_fed,
        check_started,
        labels_of,
        layer_inputs,
        run,
    )
    from gatereel.rnn_math.models.sniffing import MODEL_READERS, is_own
    from gatereel.rnn_math.models.starting import started
else:
    __getattr__ = lazily(
        __name__,
        {
            "chaining": ("chained",),
            "choose": (
                "at_layer",
                "choose_direction",
                "choose_layer",
                "with_nonlinearity",
            ),
            "formats": (
                "PROOF_TYPES",
                "library_gradients",
                "library_own_states",
                "library_states",
                "read_model",
            ),
            "model": (
                "Direction",
                "Layer",
                "Model",
                "Outputs",
                "Strand",
                "side_by_side",
            ),
            "exactness": ("precision",),
            "recorders": ("recorder",),
            "running": (
                "bottom",
                "check_computable",
                "check_fed",
                "check_started",
                "labels_of",
                "layer_inputs",
                "run",
            ),
            "sniffing": (
                "MODEL_READERS",
                "is_own",
            ),
            "starting": ("started",),
        },
    )

__all__ = [
    "MODEL_READERS",
    "PROOF_TYPES",
    "Direction",
    "Layer",
    "Model",
    "Outputs",
    "Strand",
    "at_layer",
    "bottom",
    "chained",
    "check_computable",
    "check_fed",
    "check_started",
    "choose_direction",
    "choose_layer",
    "is_own",
    "labels_of",
    "layer_inputs",
    "library_gradients",
    "library_own_states",
    "library_states",
    "precision",
    "read_model",
    "recorder",
    "run",
    "side_by_side",
    "started",
    "with_nonlinearity",
]
