"""What a step of the way back comes to, in a sentence about the unit that is followed."""

from collections.abc import Mapping, Sequence, Set

import numpy as np

from gatereel.rnn_math import (
    Addition,
    Array,
    Concatenate,
    Multiplication,
    Node,
    OneMinus,
    WeightedSum,
    previous,
)
from gatereel.rnn_math.gradients import FinalSum, Gradients, Unit
from gatereel.rnn_math.gradients.sending import factors, sendings
from gatereel.scenes.tell.excerpt import Excerpt
from gatereel.scenes.tell.followed import followed_unit
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import ELLIPSIS, number
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.tell.script import leaves
from gatereel.scenes.tell.words import capitalised, state_name

_PERCENT = 100.0


class BackRules:
    """Sentences, fullest form first; `straight` are the ways through the gate that keeps."""

    def __init__(
        self,
        gradients: Gradients,
        excerpt: Excerpt,
        language: Language,
        straight: Set[tuple[str, str]],
    ) -> None:
        self.gradients = gradients
        self.trace = gradients.trace
        self.cell = self.trace.cell
        self.excerpt = excerpt
        self.language = language
        self.words = language.back
        self.straight = straight
        self.unit = followed_unit(self.trace, excerpt)

    def forwards(self, t: int) -> tuple[str, ...]:
        """A timestep on the way forward."""
        return self._told(self.words.forwards.format(timestep=self.excerpt.position(t)))

    def loss(self, t: int) -> tuple[str, ...]:
        """What the loss is, where it begins in what is drawn."""
        loss = self.gradients.loss
        direct = loss.sent(self.trace)
        if not any(values[t].any() for values in direct.values()):
            later = self.words.from_later.format(timestep=self.excerpt.position(t) + 1)
            return self._told(later)
        (state,) = direct
        named = state_name(state, self.language)
        match loss:
            case FinalSum():
                return self._told(self.words.of_sum.format(state=named))
            case Unit(unit=unit):
                timestep = self.excerpt.position(t)
                return self._told(
                    self.words.of_unit.format(unit=unit + 1, state=named, timestep=timestep)
                )
            case _:
                return self._told(self.words.of_error.format(state=named))

    def returns(self, t: int) -> tuple[str, ...]:
        """Between two timesteps, of which `t` is the one before."""
        later, now = self.excerpt.position(t + 1), self.excerpt.position(t)
        return self._told(self.words.returns.format(timestep=later, before=now))

    def ends(self) -> tuple[str, ...]:
        """What arrives at the states before the first timestep drawn."""
        t = self.excerpt.start
        rest = f", {ELLIPSIS}" if self.excerpt.rest_units else ""
        said = []
        for state in self.cell.states:
            whole = self.gradients.vector(previous(state), t)
            shown = ", ".join(number(float(whole[unit])) for unit in self.excerpt.units)
            said.append(
                self.words.of_state.format(
                    state=state_name(state, self.language), numbers=f"[{shown}{rest}]"
                )
            )
        timestep = self.excerpt.position(t)
        return tuple(
            sentence
            for count in (len(said), 1)
            for sentence in self._told(
                self.words.ends.format(
                    timestep=timestep, states=self.language.lists.joined(said[:count])
                )
            )
        )

    def step(
        self,
        names: Sequence[str],
        t: int,
        before: Mapping[str, Array],
        after: Mapping[str, Array],
    ) -> tuple[str, ...]:
        """What the step of these vectors comes to; `before` and `after` are what was received."""
        nodes = [self.cell.node(name) for name in names if not leaves(name)]
        if not nodes:
            state = names[0].removesuffix(OUT_SUFFIX)
            return self._told(self._got(state, before, after))
        kept = next((n for n in nodes if self._is_kept(n)), None)
        if kept is not None:
            return self._told(self._straight(kept, t))
        sums = [node for node in nodes if isinstance(node.operation, WeightedSum)]
        return self._told(self._of_node(sums[0] if sums else nodes[0], t))

    # --- the rules -------------------------------------------------------------------------------

    def _is_kept(self, node: Node) -> bool:
        ways = {(node.name, operand) for operand in node.operands}
        states = {previous(state) for state in self.cell.states}
        return any(way in self.straight and way[1] in states for way in ways)

    def _straight(self, node: Node, t: int) -> str:
        gate, _ = node.operands
        share = float(self.trace.vector(gate, t)[self.unit])
        percent = self.language.consequences.percent.format(number=f"{_PERCENT * share:.0f}")
        state = next(o for o in node.operands if (node.name, o) in self.straight)
        result = float(sendings(self.gradients, t)[node.name, state][self.unit])
        return self.words.straight.format(unit=self.unit + 1, share=percent, result=number(result))

    def _of_node(self, node: Node, t: int) -> str:
        words, unit = self.words, self.unit
        sent = float(self.gradients.vector(node.name, t)[unit]) if self._is_hidden(node) else 0.0
        match node.operation:
            case Concatenate():
                return words.parts.format(count=self.gradients.vector(node.name, t).size)
            case WeightedSum():
                slope = float(factors(self.gradients, node.name, node.operands[0], t)[unit])
                by_sum = float(self.gradients.weighted_sums[node.name][t][unit])
                if not node.operation.activation:
                    return words.gets.format(unit=unit + 1, value=number(by_sum))
                return words.slope.format(
                    unit=unit + 1,
                    function=node.operation.activation,
                    slope=number(slope),
                    result=number(by_sum),
                )
            case Addition():
                return words.same.format(unit=unit + 1, result=number(sent))
            case OneMinus():
                return words.turns.format(unit=unit + 1, result=number(-sent))
            case Multiplication():
                operand = node.operands[0]
            case _:
                operand = node.operands[-1]
        factor = float(factors(self.gradients, node.name, operand, t)[unit])
        return words.times.format(
            unit=unit + 1, sent=number(sent), factor=number(factor), result=number(sent * factor)
        )

    def _got(self, state: str, before: Mapping[str, Array], after: Mapping[str, Array]) -> str:
        unit = self.unit
        result = float(after[state][unit])
        first = before.get(state)
        if first is None or not np.any(first):
            return self.words.gets.format(unit=unit + 1, value=number(result))
        return self.words.adds.format(
            unit=unit + 1,
            first=number(float(first[unit])),
            second=number(result - float(first[unit])),
            result=number(result),
        )

    def _is_hidden(self, node: Node) -> bool:
        return self.cell.stretches(node.name) == ("hidden",)

    def _told(self, clause: str) -> tuple[str, ...]:
        return (capitalised(self.language.consequences.sentence.format(clause=clause)),)
