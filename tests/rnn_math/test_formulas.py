"""Formulas as trees: brackets where they are needed and nowhere else, time as a part of a name."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math import CELLS, Cell
from gatereel.rnn_math.formulas import (
    AFTER,
    BEFORE,
    NOW,
    ONE,
    Chain,
    Concatenation,
    Difference,
    Formula,
    Function,
    LeftOut,
    Link,
    MatrixProduct,
    Name,
    Number,
    NumberProduct,
    Product,
    SideBySide,
    Sum,
    Vector,
    Words,
    read_backward,
    with_names,
)
from gatereel.rnn_math.printing import PLAIN

A, B, C = Name("a"), Name("b"), Name("c")
W = Name("W", "f")

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Product((Difference(ONE, A), B)), "(1 - a) * b"),
        (Product((A, Product((B, C)))), "a * b * c"),
        (Product((Sum((A, B)), MatrixProduct(W, C))), "(a + b) * W_f c"),
        (Difference(ONE, Sum((A, B))), "1 - (a + b)"),
        (Difference(ONE, Difference(A, B)), "1 - (a - b)"),
        (Difference(Difference(ONE, A), B), "1 - a - b"),
        (Difference(ONE, Product((A, B))), "1 - a * b"),
        (Sum((Difference(ONE, A), Product((B, C)))), "1 - a + b * c"),
        (MatrixProduct(W, Sum((A, B))), "W_f (a + b)"),
        (MatrixProduct(W, Product((A, B))), "W_f (a * b)"),
        (MatrixProduct(W, Concatenation((Product((A, B)), C))), "W_f [a * b, c]"),
        (MatrixProduct(W, MatrixProduct(W, A)), "W_f (W_f a)"),
        (Function("tanh", Sum((A, B))), "tanh(a + b)"),
        (Product((A, Function("tanh", Sum((A, B))))), "a * tanh(a + b)"),
        (NumberProduct((Number("-0.5"), Number("-2"))), "-0.5 * (-2)"),
        (Sum((Number("-1"), Number("-2"), Number("3"))), "-1 - 2 + 3"),
        (
            Sum((NumberProduct((Number("2"), ONE)), NumberProduct((Number("-3"), Number("-4"))))),
            "2 * 1 - 3 * (-4)",
        ),
        (Difference(ONE, Number("-2")), "1 - (-2)"),
        (Vector((Number("-0.5"), Number("1.2", 5), LeftOut())), "[-0.5, 1.2e5, …]"),
        (Name("h", BEFORE), "h_(t-1)"),
        (Name("h", AFTER), "h_(t+1)"),
        (Name("h", NOW), "h_t"),
        (Name("h", 3), "h_3"),
        (Chain(A, (Link("=", B), Link("≈", C))), "a = b ≈ c"),
        (Chain(None, (Link("≈", C),)), "≈ c"),
        (SideBySide((Words("so:"), A), "narrow"), "so:  a"),
    ],
)
def test_brackets_stand_where_they_are_needed(formula: Formula, text: str) -> None:
    assert PLAIN.text(formula) == text


leaves: st.SearchStrategy[Formula] = st.one_of(
    st.sampled_from([A, B, C, ONE]),
    st.integers(-9, 9).map(lambda value: Number(str(value))),
)
sums_and_products: st.SearchStrategy[Formula] = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(Sum),
        st.tuples(parts, parts, parts).map(Sum),
        st.builds(Difference, parts, parts),
        st.tuples(parts, parts).map(Product),
        st.tuples(parts, parts).map(NumberProduct),
        st.builds(Function, st.just("twice"), parts),
    ),
)
VALUES = {"a": 3, "b": -5, "c": 7}


def value(formula: Formula) -> int:
    """What the tree means."""
    match formula:
        case Name(letter):
            return VALUES[letter]
        case Number(digits):
            return int(digits)
        case Sum(terms):
            return sum(map(value, terms))
        case Difference(left, right):
            return value(left) - value(right)
        case Product((left, right)) | NumberProduct((left, right)):
            return value(left) * value(right)
        case Function("twice", argument):
            return 2 * value(argument)
    raise AssertionError(formula)


@given(sums_and_products)
def test_what_is_written_means_what_the_tree_says(formula: Formula) -> None:
    written = compile(ast.parse(PLAIN.text(formula), mode="eval"), "formula", "eval")
    assert eval(written, {"twice": lambda x: 2 * x, **VALUES}) == value(formula)


# --- cells ---------------------------------------------------------------------------------------


def times(formula: Formula) -> list[object]:
    seen: list[object] = []

    def look(name: Name) -> Name:
        seen.append(name.index)
        return name

    assert with_names(formula, look) == formula
    return seen


@every_cell
def test_read_backward_the_time_before_is_the_time_after(cell: Cell) -> None:
    for node in cell.nodes:
        forward = cell.equation(node.name)
        backward = read_backward(forward)
        assert times(backward) == [AFTER if t == BEFORE else t for t in times(forward)]
        assert BEFORE not in times(backward)


@every_cell
def test_every_state_and_the_input_have_a_letter(cell: Cell) -> None:
    assert cell.letter("x") == Name("X", NOW)
    for state in cell.states:
        now, before = cell.letter(state), cell.letter(f"{state}_prev")
        assert now == Name(cell.state_letter(state), NOW)
        assert before == Name(cell.state_letter(state), BEFORE)


def test_a_node_without_a_letter_is_written_by_its_operands() -> None:
    assert PLAIN.text(CELLS["lstm"].equation("c")) == "C_t = f_t * C_(t-1) + i_t * g_t"
    assert PLAIN.text(CELLS["lstm"].equation("fc")) == "f_t * C_(t-1)"
    assert PLAIN.text(CELLS["gru-reset-after"].equation("n")) == (
        "n_t = tanh(W_xn X_t + b_xn + r_t * (W_hn h_(t-1) + b_hn))"
    )
