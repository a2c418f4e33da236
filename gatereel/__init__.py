"""Recurrent cells, computed for real and rendered as animations.

    from pathlib import Path
    import gatereel as gr

    parameters = gr.random_parameters(gr.LSTM, input_size=3, hidden_size=2, seed=1)
    trace = gr.unroll(gr.LSTM, parameters, gr.random_inputs(input_size=3, timesteps=3, seed=1))
    gr.render(trace, [Path("lstm.gif")], gr.Options(width=800))

These names are the public face; each is loaded when it is first asked for, so that importing
gatereel takes no time and no renderer. `gatereel.rnn_math` computes (numpy alone),
`gatereel.scenes` draws, `gatereel.cli` is the command.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatereel.rnn_math import (
        CELLS,
        GRU,
        LSTM,
        RNN,
        Cell,
        InputError,
        Parameters,
        Trace,
        demo,
        random_inputs,
        random_parameters,
        unroll,
    )
    from gatereel.rnn_math.gradients import FinalSum, backpropagate, gradient_flow
    from gatereel.rnn_math.live import read_layer, record, trace
    from gatereel.rnn_math.models import read_model
    from gatereel.scenes.plan import Options
    from gatereel.scenes.render import render

__all__ = [
    "CELLS",
    "GRU",
    "LSTM",
    "RNN",
    "Cell",
    "FinalSum",
    "InputError",
    "Options",
    "Parameters",
    "Trace",
    "backpropagate",
    "demo",
    "gradient_flow",
    "random_inputs",
    "random_parameters",
    "read_layer",
    "read_model",
    "record",
    "render",
    "trace",
    "unroll",
]

_ELSEWHERE = {
    "FinalSum": "gatereel.rnn_math.gradients",
    "backpropagate": "gatereel.rnn_math.gradients",
    "gradient_flow": "gatereel.rnn_math.gradients",
    "read_layer": "gatereel.rnn_math.live",
    "read_model": "gatereel.rnn_math.models",
    "record": "gatereel.rnn_math.live",
    "trace": "gatereel.rnn_math.live",
    "Options": "gatereel.scenes.plan",
    "render": "gatereel.scenes.render",
}
"""Where a name comes from that is not in `gatereel.rnn_math`."""


def __getattr__(name: str) -> object:
    """Load one of the public names."""
    if name not in __all__:
        raise AttributeError(f"module 'gatereel' has no attribute {name!r}")
    value: object = getattr(import_module(_ELSEWHERE.get(name, "gatereel.rnn_math")), name)
    globals()[name] = value  # the next time without this function
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
