"""The list, differentiated: gradients of a loss, and how they fare through time."""

from gatereel.rnn_math.gradients.backward import Gradients, backpropagate
from gatereel.rnn_math.gradients.bands import Band, Clipping, band
from gatereel.rnn_math.gradients.checking import Check, check
from gatereel.rnn_math.gradients.clipping import clip
from gatereel.rnn_math.gradients.flow import Flow, Jacobian, bound, gradient_flow, jacobians
from gatereel.rnn_math.gradients.initial import (
    ForgetBias,
    scaled,
    untrained,
    with_forget_bias,
)
from gatereel.rnn_math.gradients.losses import FinalSum, Loss, SquaredError, Unit

__all__ = [
    "Band",
    "Check",
    "Clipping",
    "FinalSum",
    "Flow",
    "ForgetBias",
    "Gradients",
    "Jacobian",
    "Loss",
    "SquaredError",
    "Unit",
    "backpropagate",
    "band",
    "bound",
    "check",
    "clip",
    "gradient_flow",
    "jacobians",
    "scaled",
    "untrained",
    "with_forget_bias",
]
