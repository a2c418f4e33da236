"""Typst's mathematics as a person would write it, so that tests say formulas in short."""

import json
import re

from gatereel.rnn_math.formulas import Formula
from gatereel.scenes.tell.formula_typst import typst

_STRING = r'"(?:[^"\\]|\\.)*"'
_SLANTED = re.compile(rf'#text\(style: "italic", ({_STRING})\)')
_INDEX = re.compile(r"#sub\[#box\[((?:[^\]\\]|\\.)*)\]\]")


def written(formula: Formula) -> str:
    """A formula in mathematics: "f_t = σ(W_f [h_(t-1), X_t] + b_f)"."""
    text = _SLANTED.sub(lambda found: _letters(found[1]), typst(formula))
    text = _INDEX.sub(lambda found: _index(found[1].replace("\N{MINUS SIGN}", "-")), text)
    return text.replace('op("σ")', "σ")


def _letters(quoted: str) -> str:
    letters = json.loads(quoted)
    return letters if len(letters) == 1 and letters.isalpha() else quoted


def _index(index: str) -> str:
    return f"_{index}" if index.isalnum() or index.startswith('"') else f"_({index})"
