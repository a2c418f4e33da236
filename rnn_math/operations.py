"""The symbols of the legend, each an operation that computes itself.

An operation has no state: two of a kind are equal. It knows how to work on its operands and how
wide its result is. The weights of a weighted sum are operands too: they are not kept here.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.formulas import (
    ONE,
    Concatenation,
    Difference,
    Formula,
    Function,
    MatrixProduct,
    Name,
    Product,
    Sum,
)
from gatereel.rnn_math.functions import ElementFunction
from gatereel.rnn_math.records import dataclass


def sigmoid(s: Array) -> Array:
    """Compute sigma(s) = 1 / (1 + exp(-s)), element by element, in [0, 1]."""
    # Far below zero exp(-s) overflows to infinity, and 1 / infinity is the 0 that is meant.
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-s)))


@dataclass(frozen=True)
class Operation(ABC):
    """A line of a cell's program: one result from ordered operands."""

    title: ClassVar[str]
    """What the legend calls it."""

    operand_count: ClassVar[int | None]
    """How many operands a node of this operation names; None for two or more."""

    @abstractmethod
    def apply(self, *operands: Array) -> Array:
        """Compute the result of the operands, each `(width,)`."""

    @abstractmethod
    def vjp(self, sent: Array, result: Array, *operands: Array) -> tuple[Array, ...]:
        """Send dL/d result, `(..., width)`, back: dL/d operand of each operand, `(..., width)`.

        That is the vector-Jacobian product. `result` is what `apply` gave of the operands.
        """

    is_share: ClassVar[bool] = False
    """Whether its result is a share, 0 to 1: how far a gate is open."""

    role: ClassVar[str] = "result"
    """What its result is, where a cell does not say it better."""

    @abstractmethod
    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """The operation as a formula; its weights carry the node's `name`, if it has one."""

    def output_width(self, operand_widths: Sequence[int], hidden_size: int) -> int:
        """Width of the result; raises InputError when the operands do not fit together.

        Pointwise operations need operands of one width and keep it.
        """
        self._check_count(operand_widths)
        if len(set(operand_widths)) != 1:
            widths = " and ".join(map(str, operand_widths))
            raise InputError(f"{self.title} got operands of width {widths}; it needs equal widths.")
        return operand_widths[0]

    def _check_count(self, operand_widths: Sequence[int]) -> None:
        count = len(operand_widths)
        if self.operand_count is None and count < 2:
            raise InputError(f"{self.title} got {counted(count, 'operand')}; it needs two or more.")
        if self.operand_count is not None and count != self.operand_count:
            raise InputError(
                f"{self.title} got {counted(count, 'operand')}; it needs {self.operand_count}."
            )


@dataclass(frozen=True)
class Concatenate(Operation):
    """[a, b, ...]: the operands one below the other, in their order."""

    title: ClassVar[str] = "concatenate"
    operand_count: ClassVar[int | None] = None

    def apply(self, *operands: Array) -> Array:
        """Compute [a, b, ...], of width width(a) + width(b) + ..."""
        return np.concatenate(operands)

    def vjp(self, sent: Array, result: Array, *operands: Array) -> tuple[Array, ...]:
        """dL/da, dL/db, ... are the stretches of dL/d[a, b, ...]."""
        ends = np.cumsum([len(operand) for operand in operands])[:-1]
        return tuple(np.split(sent, ends, axis=-1))

    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """Say [a, b, ...]; what is concatenated already is written part by part."""
        parts = (
            part
            for each in operands
            for part in (each.parts if isinstance(each, Concatenation) else (each,))
        )
        return Concatenation(tuple(parts))

    def output_width(self, operand_widths: Sequence[int], hidden_size: int) -> int:
        """Sum of the operands' widths."""
        self._check_count(operand_widths)
        return sum(operand_widths)


@dataclass(frozen=True)
class WeightedSum(Operation):
    """activation(W v + b): one weight matrix `(hidden_size, width)` and bias `(hidden_size,)`.

    A node names one operand, v. W and b carry the node's own name in the parameters.
    """

    operand_count: ClassVar[int | None] = 1
    activation: ClassVar[str]
    """The function's name in formulas; empty when there is none."""
    steepest: ClassVar[float] = 1.0
    """The largest that `slope` can be."""

    def weighted_sum(self, W: Array, b: Array, v: Array) -> Array:
        """Compute s = W v + b, `(hidden_size,)`: the sum before the activation."""
        s: Array = W @ v + b
        return s

    @abstractmethod
    def activate(self, s: Array) -> Array:
        """Apply the activation to the weighted sum, element by element."""

    @abstractmethod
    def slope(self, result: Array) -> Array:
        """The activation's derivative at the weighted sum of which it made `result`."""

    def apply(self, *operands: Array) -> Array:
        """activation(W v + b), of the operands W, b and v."""
        W, b, v = operands
        return self.activate(self.weighted_sum(W, b, v))

    def vjp(self, sent: Array, result: Array, *operands: Array) -> tuple[Array, ...]:
        """With ds = dL/d result * activation'(s): dL/dW = ds v^T, dL/db = ds, dL/dv = W^T ds."""
        W, _, v = operands
        ds = sent * self.slope(result)
        return ds[..., :, None] * v, ds, ds @ W

    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """Say activation(W_name v + b_name)."""
        (v,) = operands
        index = name or None
        return self.activated(Sum((MatrixProduct(Name("W", index), v), Name("b", index))))

    def activated(self, s: Formula) -> Formula:
        """activation(s), of the weighted sum s."""
        return Function(self.activation, s) if self.activation else s

    def output_width(self, operand_widths: Sequence[int], hidden_size: int) -> int:
        """hidden_size, whatever the width of v."""
        self._check_count(operand_widths)
        return hidden_size


@dataclass(frozen=True)
class WeightedSumSigmoid(WeightedSum):
    """sigma(W v + b): a gate, between 0 (closed) and 1 (open)."""

    title: ClassVar[str] = "weighted sum + sigmoid"
    is_share: ClassVar[bool] = True
    role: ClassVar[str] = "gate"
    activation: ClassVar[str] = "sigmoid"
    steepest: ClassVar[float] = 0.25

    def activate(self, s: Array) -> Array:
        """Compute sigma(s) = 1 / (1 + exp(-s))."""
        return sigmoid(s)

    def slope(self, result: Array) -> Array:
        """Sigma' = sigma (1 - sigma), at most 1/4."""
        return result * (1.0 - result)


@dataclass(frozen=True)
class WeightedSumTanh(WeightedSum):
    """tanh(W v + b), between -1 and 1."""

    title: ClassVar[str] = "weighted sum + tanh"
    role: ClassVar[str] = "candidate"
    activation: ClassVar[str] = "tanh"

    def activate(self, s: Array) -> Array:
        """Compute tanh(s)."""
        return np.tanh(s)

    def slope(self, result: Array) -> Array:
        """Tanh' = 1 - tanh^2, at most 1."""
        return 1.0 - result * result


@dataclass(frozen=True)
class WeightedSumRelu(WeightedSum):
    """relu(W v + b), nought or more."""

    title: ClassVar[str] = "weighted sum + ReLU"
    role: ClassVar[str] = "candidate"
    activation: ClassVar[str] = "relu"

    def activate(self, s: Array) -> Array:
        """Compute relu(s) = max(0, s)."""
        return np.maximum(s, 0.0)

    def slope(self, result: Array) -> Array:
        """Relu' = 1 above 0, and 0 at and below it, as libraries have it."""
        return np.asarray(result > 0.0, dtype=float)


@dataclass(frozen=True)
class WeightedSumAlone(WeightedSum):
    """W v + b, without an activation."""

    title: ClassVar[str] = "weighted sum"
    role: ClassVar[str] = "part"
    activation: ClassVar[str] = ""

    def activate(self, s: Array) -> Array:
        """Return s as it is."""
        return s

    def slope(self, result: Array) -> Array:
        """1."""
        return np.ones_like(result)


@dataclass(frozen=True)
class Projection(WeightedSum):
    """W v, `(size,)`: fewer numbers made of more, without an activation and without a bias.

    Its b in the parameters is of noughts.
    """

    size: int
    title: ClassVar[str] = "projection"
    role: ClassVar[str] = "projection"
    activation: ClassVar[str] = ""

    def activate(self, s: Array) -> Array:
        """Return s as it is."""
        return s

    def slope(self, result: Array) -> Array:
        """1."""
        return np.ones_like(result)

    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """Say W_name v."""
        (v,) = operands
        return MatrixProduct(Name("W", name or None), v)

    def output_width(self, operand_widths: Sequence[int], hidden_size: int) -> int:
        """Its own size, whatever the width of v."""
        self._check_count(operand_widths)
        return self.size


@dataclass(frozen=True)
class WeightedSumOf(WeightedSum):
    """function(W v + b), of one of `rnn_math/functions.py`."""

    function: ElementFunction
    title: ClassVar[str] = "weighted sum + activation"

    def __post_init__(self) -> None:
        """What an operation says of itself, this one's function says."""
        function = self.function
        # Of a class, these are the class's; of this one, each function's.
        object.__setattr__(self, "title", f"weighted sum + {function.name}")
        object.__setattr__(self, "activation", function.name)
        object.__setattr__(self, "steepest", function.steepest)
        object.__setattr__(self, "is_share", function.is_share)
        object.__setattr__(self, "role", "gate" if function.is_share else "candidate")

    def activate(self, s: Array) -> Array:
        """Apply the function."""
        return self.function.apply(s)

    def slope(self, result: Array) -> Array:
        """The function's derivative."""
        return self.function.slope(result)


@dataclass(frozen=True)
class Multiplication(Operation):
    """a * b, pointwise."""

    title: ClassVar[str] = "multiplication"
    role: ClassVar[str] = "product"
    operand_count: ClassVar[int | None] = 2

    def apply(self, *operands: Array) -> Array:
        """Compute a * b."""
        a, b = operands
        return a * b

    def vjp(self, sent: Array, result: Array, *operands: Array) -> tuple[Array, ...]:
        """dL/da = dL/d(ab) * b, dL/db = dL/d(ab) * a."""
        a, b = operands
        return sent * b, sent * a

    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """Say a * b."""
        return Product(tuple(operands))


@dataclass(frozen=True)
class Addition(Operation):
    """a + b, pointwise."""

    title: ClassVar[str] = "addition"
    role: ClassVar[str] = "sum"
    operand_count: ClassVar[int | None] = 2

    def apply(self, *operands: Array) -> Array:
        """Compute a + b."""
        a, b = operands
        return a + b

    def vjp(self, sent: Array, result: Array, *operands: Array) -> tuple[Array, ...]:
        """dL/da = dL/db = dL/d(a + b)."""
        return sent, sent

    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """Say a + b."""
        return Sum(tuple(operands))


@dataclass(frozen=True)
class OneMinus(Operation):
    """1 - a, pointwise."""

    title: ClassVar[str] = "one minus"
    is_share: ClassVar[bool] = True
    role: ClassVar[str] = "one minus"
    operand_count: ClassVar[int | None] = 1

    def apply(self, *operands: Array) -> Array:
        """Compute 1 - a."""
        (a,) = operands
        return 1.0 - a

    def vjp(self, sent: Array, result: Array, *operands: Array) -> tuple[Array, ...]:
        """dL/da = -dL/d(1 - a)."""
        return (-sent,)

    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """Say 1 - a."""
        (a,) = operands
        return Difference(ONE, a)


@dataclass(frozen=True)
class Tanh(Operation):
    """tanh(a), pointwise, without weights."""

    title: ClassVar[str] = "tanh"
    role: ClassVar[str] = "tanh"
    operand_count: ClassVar[int | None] = 1

    def apply(self, *operands: Array) -> Array:
        """Compute tanh(a)."""
        (a,) = operands
        return np.tanh(a)

    def vjp(self, sent: Array, result: Array, *operands: Array) -> tuple[Array, ...]:
        """dL/da = dL/d tanh(a) * (1 - tanh(a)^2)."""
        return (sent * (1.0 - result * result),)

    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """Say tanh(a)."""
        (a,) = operands
        return Function("tanh", a)


@dataclass(frozen=True)
class Activation(Operation):
    """function(a), pointwise, without weights: one of `rnn_math/functions.py` or ReLU."""

    function: ElementFunction
    title: ClassVar[str] = "activation"
    role: ClassVar[str] = "activation"
    operand_count: ClassVar[int | None] = 1

    def __post_init__(self) -> None:
        """What an operation says of itself, this one's function says."""
        object.__setattr__(self, "title", self.function.name)
        object.__setattr__(self, "is_share", self.function.is_share)

    def apply(self, *operands: Array) -> Array:
        """Compute function(a)."""
        (a,) = operands
        return self.function.apply(a)

    def vjp(self, sent: Array, result: Array, *operands: Array) -> tuple[Array, ...]:
        """dL/da = dL/d function(a) * function'(a)."""
        return (sent * self.function.slope(result),)

    def formula(self, name: str, operands: Sequence[Formula]) -> Formula:
        """Say function(a)."""
        (a,) = operands
        return Function(self.function.name, a)
