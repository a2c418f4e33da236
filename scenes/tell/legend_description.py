"""What stands beside a legend for those who do not see it.

    legend_alt(cells, symbols, language) -> "Symbols of the RNN: concatenate and weighted sum ..."
    describe_legend(symbols, language) -> Description: every symbol, with its name and its formula
    tell_legend(symbols, language) -> ("One minus: discs marked 1-, for 1 − a.", ...)
    legend_caption(cells, language) -> "Symbols of the RNN, with names and formulas. After ..."

The symbols are those of the cards that are drawn, so none of these can disagree with the picture.
"""

from collections.abc import Iterator, Sequence
from html import escape

from gatereel.rnn_math import Cell
from gatereel.rnn_math.formulas import Formula
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.description import LONGEST_ALT_TEXT, Description
from gatereel.scenes.tell.formula_html import html
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.words import capitalised, credit, legend_title, operation_name


@dataclass(frozen=True)
class ToldSymbol:
    """A symbol: its operation's title, its formula, and how it is drawn.

    `letter` is what stands on its discs, `label` a key of a language's labels; "" for none.
    """

    operation: str
    formula: Formula
    letter: str
    has_fan: bool
    label: str


@dataclass(frozen=True)
class DescribedSymbol:
    """A row of a legend's long description, HTML all of it."""

    symbol: str
    name: str
    formula: str

    @property
    def html(self) -> tuple[str, ...]:
        """As the columns have it."""
        return self.symbol, self.name, self.formula


def legend_alt(cells: Sequence[Cell], symbols: Sequence[ToldSymbol], language: Language) -> str:
    """One sentence: of which cells, and which symbols, or how many where that would be too long."""
    words = language.legend_description
    title = legend_title(cells, language)
    names = language.lists.joined([_name(symbol, language) for symbol in symbols])
    forms = (
        language.description.steps.format(head=title, steps=names),
        words.count.format(title=title, count=len(symbols)),
    )
    fitting = (form for form in forms if len(form) <= LONGEST_ALT_TEXT)
    return capitalised(next(fitting, forms[-1]))


def legend_caption(cells: Sequence[Cell], language: Language) -> str:
    """One line of plain text: of which cells, what is seen, and the credit."""
    title = legend_title(cells, language)
    line = language.legend_description.caption.format(title=title)
    return f"{capitalised(line)} {credit(language)}."


def describe_legend(
    symbols: Sequence[ToldSymbol], language: Language
) -> Description[DescribedSymbol]:
    """Every symbol in the legend's order: how it is drawn, its name, its formula."""
    words = language.legend_description
    return Description(
        summary=words.summary,
        headings=(words.symbol_heading, words.name_heading, words.formula_heading),
        rows=tuple(DescribedSymbol(*_html(symbol, language)) for symbol in symbols),
    )


def tell_legend(symbols: Sequence[ToldSymbol], language: Language) -> tuple[str, ...]:
    """The same as sentences, a symbol each; HTML."""
    return tuple(_sentences(symbols, language))


def _sentences(symbols: Sequence[ToldSymbol], language: Language) -> Iterator[str]:
    for symbol in symbols:
        look, name, formula = _html(symbol, language)
        yield language.legend_description.symbol.format(
            name=capitalised(name), look=look, formula=formula
        )


def _html(symbol: ToldSymbol, language: Language) -> tuple[str, str, str]:
    """How a symbol is drawn, its name and its formula."""
    return (
        escape(_look(symbol, language), quote=False),
        escape(_name(symbol, language), quote=False),
        html(symbol.formula),
    )


def _name(symbol: ToldSymbol, language: Language) -> str:
    return operation_name(symbol.operation, language)


def _look(symbol: ToldSymbol, language: Language) -> str:
    """How a symbol is drawn, in words."""
    words = language.legend_description
    discs = words.lettered.format(letter=symbol.letter) if symbol.letter else words.discs
    if symbol.has_fan:
        return words.over_fan.format(discs=discs)
    if symbol.label:
        return words.labelled.format(label=language.labels[symbol.label])
    return discs if symbol.letter else words.side_by_side
