"""A demo's claims as one sentence."""

from collections.abc import Sequence

from gatereel.rnn_math import Cell, Claim
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.words import capitalised, vector_name


def story(
    cell: Cell, claims: Sequence[Claim], language: Language, *, in_brief: bool = False
) -> str:
    """What the claims say, in their order; empty without any. It counts from 1."""
    if not claims:
        return ""
    when = language.story.when_in_brief if in_brief else language.story.when
    clauses = []
    before: Claim | None = None
    for claim in claims:
        clauses.append(
            _clause(claim, before, language).format(
                unit=claim.unit + 1,
                subject=vector_name(cell, claim.node, language),
                predicate=language.predicates[claim.verb],
                when=when.format(timestep=claim.timestep + 1),
            )
        )
        before = claim
    return capitalised(language.story.sentence.format(clauses=language.lists.joined(clauses)))


def _clause(claim: Claim, before: Claim | None, language: Language) -> str:
    """The template that leaves out what the claim before said."""
    if before is None or claim.unit != before.unit:
        return language.story.in_unit
    return language.story.same_unit if claim.node != before.node else language.story.same_subject
