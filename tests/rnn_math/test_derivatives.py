"""The local rules of the way back: differentiated formulas, held against what is computed."""

from functools import reduce

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, Array, Cell, Concatenate, WeightedSum, random_inputs, unroll
from gatereel.rnn_math.derivatives import derivative, sent_rule
from gatereel.rnn_math.formulas import (
    ONE,
    Difference,
    Formula,
    Function,
    LossGradient,
    MatrixProduct,
    Name,
    Negative,
    Number,
    Product,
    Square,
    Sum,
    Transposed,
    read_backward,
)
from gatereel.rnn_math.gradients import FinalSum, Gradients, backpropagate
from gatereel.rnn_math.gradients.sending import arriving, factors, sendings
from gatereel.rnn_math.parameters import random_parameters
from gatereel.rnn_math.printing import PLAIN
from gatereel.scenes.tell.formula_html import html
from gatereel.scenes.tell.formula_typst import typst

EXACT = 1e-12
"""Sums and products of the same float64 numbers, in another order."""

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def gradients_of(cell: Cell, timesteps: int = 4) -> Gradients:
    parameters = random_parameters(cell, 3, 5, seed=1)
    return backpropagate(unroll(cell, parameters, random_inputs(3, timesteps, 2)), FinalSum())


class Evaluated:
    """Computes a formula with the numbers of a timestep."""

    def __init__(self, gradients: Gradients, t: int) -> None:
        self.gradients, self.t = gradients, t
        self.cell = gradients.trace.cell
        self.known: dict[str, Array] = {
            PLAIN.text(self.cell.expression(name)): gradients.trace.vector(name, t)
            for name in self.cell.vectors
        }
        self.sent: dict[str, Array] = {
            PLAIN.text(self.cell.expression(name)): gradients.vector(name, t)
            for name in self.cell.vectors
        }

    def of(self, formula: Formula) -> Array:
        written = PLAIN.text(formula)
        if written in self.known:
            return self.known[written]
        match formula:
            case Number(digits):
                return np.asarray(float(digits))
            case LossGradient(by):
                return self.sent[PLAIN.text(by)]
            case Product(parts):
                return reduce(np.multiply, map(self.of, parts))
            case Sum(terms):
                return reduce(np.add, map(self.of, terms))
            case Difference(left, right):
                return self.of(left) - self.of(right)
            case Negative(of):
                return -self.of(of)
            case Square(of):
                return self.of(of) ** 2
            case Function("tanh", argument):
                return np.tanh(self.of(argument))
            case MatrixProduct(Transposed(Name(_, str(node))), vector):
                return self.gradients.trace.parameters.weights[node].T @ self.of(vector)
        raise AssertionError(written)


@every_cell
def test_a_printed_rule_gives_what_is_sent(cell: Cell) -> None:
    gradients = gradients_of(cell)
    checked = 0
    for t in range(4):
        sent, evaluated = sendings(gradients, t), Evaluated(gradients, t)
        for node in cell.nodes:
            if isinstance(node.operation, Concatenate):
                continue
            for operand in dict.fromkeys(node.operands):
                rule = sent_rule(cell, node, operand)
                if "relu'" in PLAIN.text(rule):
                    continue
                np.testing.assert_allclose(evaluated.of(rule), sent[node.name, operand], atol=EXACT)
                checked += 1
    assert checked or cell.name == "rnn-relu"


@every_cell
def test_what_is_sent_adds_up_to_the_gradient(cell: Cell) -> None:
    gradients = gradients_of(cell)
    for t in range(4):
        total = {state: np.array(came) for state, came in arriving(gradients, t).items()}
        for (_, operand), part in sendings(gradients, t).items():
            total[operand] = total.get(operand, 0.0) + part
        for name, whole in total.items():
            np.testing.assert_allclose(whole, gradients.vector(name, t), atol=EXACT)
        assert set(total) == set(cell.vectors)


@every_cell
def test_factors_are_what_is_multiplied(cell: Cell) -> None:
    gradients = gradients_of(cell)
    sent = sendings(gradients, 2)
    for node in cell.nodes:
        if isinstance(node.operation, Concatenate):
            continue
        for operand in dict.fromkeys(node.operands):
            times = gradients.vector(node.name, 2) * factors(gradients, node.name, operand, 2)
            if isinstance(node.operation, WeightedSum):
                times = times @ gradients.trace.parameters.weights[node.name]
            np.testing.assert_allclose(times, sent[node.name, operand], atol=EXACT)


a, b = Name("a"), Name("b")


@pytest.mark.parametrize(
    ("formula", "by", "written"),
    [
        (a, a, "1"),
        (Sum((a, b)), b, "1"),
        (Product((a, b)), a, "b"),
        (Difference(ONE, a), a, "-1"),
        (Difference(a, ONE), a, "1"),
        (Function("tanh", a), a, "1 - tanh(a)^2"),
        (Function("sigmoid", a), a, "sigmoid(a) * (1 - sigmoid(a))"),
        (Product((a, Function("tanh", a))), a, "tanh(a) + (1 - tanh(a)^2) * a"),
        (Product((Difference(ONE, a), b)), a, "-b"),
    ],
)
def test_derivatives(formula: Formula, by: Formula, written: str) -> None:
    found = derivative(formula, by)
    assert found is not None
    assert PLAIN.text(found) == written


def test_what_is_not_in_a_formula_has_no_share() -> None:
    assert derivative(Product((a, a)), b) is None
    assert derivative(Number("2"), a) is None
    with pytest.raises(ValueError, match="no formula of single elements"):
        derivative(MatrixProduct(Name("W"), a), a)


def test_a_result_is_called_by_its_letter() -> None:
    found = derivative(Function("sigmoid", a), a, Name("f"))
    assert found == Product((Name("f"), Difference(ONE, Name("f"))))


def test_rules_are_printed_in_every_notation() -> None:
    lstm = CELLS["lstm"]
    rule = sent_rule(lstm, lstm.node("f"), "hx")
    assert PLAIN.text(rule) == "W_f^T (dL/df_t * f_t * (1 - f_t))"
    assert html(rule).startswith("W<sub>f</sub><sup>T</sup> (∂L/∂f<sub>t</sub>")
    assert "#super[#box[T]]" in typst(rule)
    # What stands in brackets behind the sign must not be taken for its argument.
    by_product = typst(LossGradient(lstm.expression("fc")))
    assert '#text("/∂");(' in by_product


def test_a_rule_is_read_backward_as_all_formulas() -> None:
    lstm = CELLS["lstm"]
    rule = read_backward(sent_rule(lstm, lstm.node("fc"), "f"))
    assert PLAIN.text(rule) == "dL/d(f_t * C_(t+1)) * C_(t+1)"
