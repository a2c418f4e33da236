"""What a step means, in a sentence: which gate opens, what is kept, what comes of it.

    consequences(trace, step, t, excerpt, language) -> ("Unit 1 closes (0.04): ...", ...)

The rules go by what a cell's list says of itself, its operations and its gates, so they hold for
any cell. A film follows one unit; where a gate does something
else to another one, that is told, too.
"""

from collections.abc import Sequence

from gatereel.rnn_math import (
    Addition,
    Cell,
    Concatenate,
    Multiplication,
    Node,
    OneMinus,
    Trace,
    WeightedSum,
    previous,
)
from gatereel.scenes.tell.excerpt import Excerpt
from gatereel.scenes.tell.followed import HALF_OPEN, followed_of, followed_unit
from gatereel.scenes.tell.language import Consequences, Language
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.script import FilmStep, leaves, operands
from gatereel.scenes.tell.words import capitalised, state_name, vector_name

OPEN = 0.9
CLOSED = 0.1
"""A gate above `OPEN` is called open, one below `CLOSED` closed."""

_PERCENT = 100.0

_THEREFORE = ":"
"""Between what is concatenated and who sees it, in a language's sentence."""


def consequences(
    trace: Trace, step: FilmStep, t: int, excerpt: Excerpt, language: Language
) -> tuple[str, ...]:
    """What a step comes to at the trace's row `t`, fullest first; the last is the shortest."""
    return _Consequences(trace, t, excerpt, language).of(step)


def is_gate(node: Node) -> bool:
    """Whether a weighted sum says how far something is let through."""
    return isinstance(node.operation, WeightedSum) and node.operation.is_share


class _Consequences:
    def __init__(self, trace: Trace, t: int, excerpt: Excerpt, language: Language) -> None:
        self.trace = trace
        self.cell: Cell = trace.cell
        self.t = t
        self.excerpt = excerpt
        self.language = language
        self.words: Consequences = language.consequences
        self.unit = followed_unit(trace, excerpt)

    def of(self, step: FilmStep) -> tuple[str, ...]:
        """The forms of a step's sentence."""
        match step.kind:
            case "begin":
                return self._beginning()
            case "return":
                before, now = self.excerpt.position(self.t - 1), self.excerpt.position(self.t)
                return self._told(self.words.begins.format(before=before, timestep=now))
            case "leave":
                (state,) = operands(self.cell, *step.names)
                return self._told(self._of_state(state, self._holds(state, self._followed(state))))
        nodes = [self.cell.node(name) for name in step.names if not leaves(name)]
        gates = [node for node in nodes if is_gate(node)]
        if len(gates) > 1:
            return self._gates_together(gates)
        known = {name for name in step.names if len(nodes) > 1}
        told = [self.cell.node(name) for name in step.told]
        if len(told) > 1 and self._is_seen_by_some(told[0]):
            told.sort(key=lambda node: isinstance(node.operation, Concatenate))
        return self._of_node((gates or told)[0], known)

    # --- the rules -------------------------------------------------------------------------------

    def _beginning(self) -> tuple[str, ...]:
        state = previous(self.cell.states[-1])
        if not self.trace.vector(state, self.t).any():
            return self._told(self.words.starts_empty)
        return self._told(self.words.from_before.format(clause=self._holds(state, self.unit)))

    def _of_node(self, node: Node, known: set[str]) -> tuple[str, ...]:
        """`known` are vectors that come up in the same step, beside those before the node."""
        match node.operation:
            case Concatenate():
                count = self.trace.vector(node.name, self.t).size
                joins = self.words.joins
                if self._is_seen_by_some(node):
                    joins, _, _ = joins.partition(_THEREFORE)
                return self._told(joins.format(count=count))
            case WeightedSum() if is_gate(node):
                return self._gate_alone(node, known)
            case WeightedSum() if node.name in self.cell.states:
                clause = self._goes(node, self._followed(node.name))
                return self._told(self._of_state(node.name, clause))
            case WeightedSum():
                return self._told(self._proposes(node, self.unit))
            case Multiplication() if self._is_share(node.operands[0]):
                return self._told(self._product(node, self.unit))
            case OneMinus():
                return self._told(self._complement(node, self.unit))
            case Multiplication() | Addition():
                return self._told(self._sum(node, self.unit))
            case _:
                return self._told(self._squashes(node, self.unit))

    def _gate_alone(self, gate: Node, known: set[str]) -> tuple[str, ...]:
        """A gate in the unit that is followed, and in another where it is not so."""

        def differs(unit: int) -> float:
            own, other = (self._value(gate.name, u) for u in (self.unit, unit))
            return abs(_openness(own) - _openness(other))

        told = self._sentence(self._gate(gate, self.unit, known))
        other = max(self.excerpt.units, key=differs)
        if not differs(other):
            return (told,)
        more = self._sentence(self._gate(gate, other, known))
        brief = self._sentence(self._opening(gate, other))
        return (f"{told} {more}", f"{told} {brief}", told)

    def _gates_together(self, gates: Sequence[Node]) -> tuple[str, ...]:
        """Several gates, in the unit that is followed; fewest forms tell the most decided."""

        def told(gate: Node) -> str:
            value = self._value(gate.name, self.unit)
            forms = (self.words.gate_closes, self.words.gate_partly_open, self.words.gate_opens)
            name = vector_name(self.cell, gate.name, self.language)
            return forms[_openness(value)].format(gate=name, value=number(value))

        def sentence(shown: Sequence[Node]) -> str:
            clauses = self.language.lists.joined([told(gate) for gate in shown])
            return self._sentence(self.words.in_unit.format(unit=self.unit + 1, gates=clauses))

        ranked = sorted(gates, key=lambda gate: -self._decidedness(gate, self.unit))
        fewer = [
            [gate for gate in gates if gate in ranked[:count]] for count in range(len(gates), 0, -1)
        ]
        return tuple(map(sentence, fewer))

    def _gate(self, gate: Node, unit: int, known: set[str]) -> str:
        """How far a gate is open, and what becomes of what it is there for."""
        value = self._value(gate.name, unit)
        opening = self._opening(gate, unit)
        product = next((n for n in self.cell.nodes if self._is_weighed_by(n, gate.name)), None)
        if product is None:
            return opening
        what = product.operands[1]
        words = self.words
        effects = (
            (words.is_forgotten, words.is_partly_kept, words.is_kept)
            if product.gate == "keeps"
            else (words.is_kept_out, words.gets_partly_through, words.gets_through)
        )
        named = self._named(what)
        if self._is_computed_before(what, gate.name) or what in known:
            named = words.valued.format(name=named, value=number(self._value(what, unit)))
        effect = effects[_openness(value)].format(what=named)
        return words.because.format(cause=opening, effect=effect)

    def _opening(self, gate: Node, unit: int) -> str:
        value = self._value(gate.name, unit)
        openings = (self.words.closes, self.words.partly_open, self.words.opens)
        return openings[_openness(value)].format(unit=unit + 1, value=number(value))

    def _product(self, node: Node, unit: int) -> str:
        gate, what = node.operands
        form = self.words.keeps if node.gate == "keeps" else self.words.lets_through
        share = f"{_PERCENT * self._value(gate, unit):.0f}"
        return form.format(
            unit=unit + 1,
            share=self.words.percent.format(number=share),
            what=number(self._value(what, unit)),
            result=number(self._value(node.name, unit)),
        )

    def _sum(self, node: Node, unit: int) -> str:
        first, second = node.operands
        keeps = not self._is_before(first) and self.cell.node(first).gate == "keeps"
        form = self.words.adds if keeps else self.words.makes
        return form.format(
            unit=unit + 1,
            first=number(self._value(first, unit)),
            second=number(self._value(second, unit)),
            result=number(self._value(node.name, unit)),
        )

    def _complement(self, node: Node, unit: int) -> str:
        (gate,) = node.operands
        value, result = (number(self._value(name, unit)) for name in (gate, node.name))
        return self.words.complement.format(unit=unit + 1, value=value, result=result)

    def _squashes(self, node: Node, unit: int) -> str:
        value, result = (number(self._value(n, unit)) for n in (node.operands[0], node.name))
        return self.words.squashes.format(unit=unit + 1, value=value, result=result)

    def _goes(self, node: Node, unit: int) -> str:
        before, value = (number(self._value(n, unit)) for n in (previous(node.name), node.name))
        return self.words.goes.format(unit=unit + 1, before=before, value=value)

    def _proposes(self, node: Node, unit: int) -> str:
        value = number(self._value(node.name, unit))
        return self.words.proposes.format(unit=unit + 1, value=value)

    def _holds(self, name: str, unit: int) -> str:
        return self.words.holds.format(unit=unit + 1, value=number(self._value(name, unit)))

    def _is_seen_by_some(self, node: Node) -> bool:
        """Whether what is concatenated goes into another concatenation, or comes from one."""
        joined = [n for n in self.cell.nodes if isinstance(n.operation, Concatenate)]
        return any(
            one.name in other.operands for one in joined for other in joined if node in (one, other)
        )

    def _of_state(self, state: str, clause: str) -> str:
        """A clause about a state, which is named where its units are not those of the gates."""
        if self.cell.stretches(state) != ("projected",):
            return clause
        return f"{state_name(state, self.language)}: {clause}"

    # --- what they are made of -------------------------------------------------------------------

    def _told(self, clause: str) -> tuple[str, ...]:
        return (self._sentence(clause),)

    def _sentence(self, clause: str) -> str:
        return capitalised(self.words.sentence.format(clause=clause))

    def _value(self, name: str, unit: int) -> float:
        return float(self.trace.vector(name, self.t)[unit])

    def _followed(self, name: str) -> int:
        return followed_of(self.trace, self.excerpt, name)

    def _decidedness(self, gate: Node, unit: int) -> float:
        return abs(self._value(gate.name, unit) - HALF_OPEN)

    def _is_share(self, name: str) -> bool:
        return name in self.cell.shares

    def _is_weighed_by(self, node: Node, gate: str) -> bool:
        """Whether a gate says how much of something is left in `node`."""
        return isinstance(node.operation, Multiplication) and node.operands[0] == gate

    def _is_before(self, name: str) -> bool:
        """Whether a vector is a state of the timestep before."""
        return name in map(previous, self.cell.states)

    def _is_computed_before(self, name: str, other: str) -> bool:
        order = [node.name for node in self.cell.nodes]
        return self._is_before(name) or order.index(name) < order.index(other)

    def _named(self, name: str) -> str:
        for state in self.cell.states:
            if name == previous(state):
                return state_name(state, self.language)
        return vector_name(self.cell, name, self.language)


def _openness(gate: float) -> int:
    """0 for a closed gate, 1 for one that is partly open, 2 for an open one."""
    return (gate >= CLOSED) + (gate > OPEN)
