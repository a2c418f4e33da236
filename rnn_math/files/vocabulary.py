r"""Vocabularies, and text as token ids.

A vocabulary is a UTF-8 file with one token a line; the line's number, from 0, is the token's id.
All of a line is the token, so a line with one space is the token space. In it, `\n`, `\t` and `\\`
stand for a newline, a tab and a backslash; any other backslash stands for itself.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.labels import token_label
from gatereel.rnn_math.files.reading import read_text, shortened
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.sequence import MAX_TOKENS, InputSequence, check_token_count

UNKNOWN = ("<unk>", "[UNK]", "<UNK>")
"""Tokens that stand for all that a vocabulary lacks, the first that is there."""

_SPECIAL = re.compile(r"<[^<>\s]+>|\[[^\[\]\s]+\]")
"""Tokens that no text spells out, such as <unk> and [PAD]."""

_ESCAPED = re.compile(r"\\[nt\\]")
_ESCAPES = {r"\n": "\n", r"\t": "\t", r"\\": "\\"}

_CANDIDATES = 10_000
_LONGEST_COMPARED = 40
"""What is searched for a nearest match: comparing texts takes long, and a hint is no more."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Tokens with their ids. Made by `read_vocabulary`."""

    name: str
    """What an error calls it: its file."""
    tokens: tuple[str, ...]
    """In the order of their ids."""

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """Token to id."""
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def unknown(self) -> int | None:
        """The id of the token for all that is not here; None without one."""
        return next((self.ids[token] for token in UNKNOWN if token in self.ids), None)

    @cached_property
    def is_of_characters(self) -> bool:
        """Whether every token is one character, special ones such as <unk> aside."""
        spelled = [token for token in self.tokens if not _SPECIAL.fullmatch(token)]
        return bool(spelled) and all(len(token) == 1 for token in spelled)

    def split(self, text: str, name: str) -> list[str]:
        """Take a text apart: into characters if the tokens are characters, else at white space.

        Raises InputError when there are more than `MAX_TOKENS`; `name` is what it calls the text.
        """
        if self.is_of_characters:
            check_token_count(len(text), name)
            return list(text)
        words = text.split(maxsplit=MAX_TOKENS)
        check_token_count(len(words), name)
        return words

    def sequence(self, words: Sequence[str], name: str) -> InputSequence:
        """The tokens of a text that is taken apart; its labels are the words in quotes.

        A word that is not here becomes the unknown token. Raises InputError when there is no such
        token, or no word at all; `name` is what it calls the text.
        """
        if not words:
            raise InputError(f"{name} holds no token; it needs at least one.")
        ids, labels = dict(self.ids), {word: token_label(word) for word in set(words)}
        for place, word in enumerate(words, start=1):
            if word not in ids:
                if self.unknown is None:
                    raise self._missing(word, place, name)
                ids[word] = self.unknown
        return InputSequence(
            tokens=tuple(ids[word] for word in words), labels=tuple(labels[word] for word in words)
        )

    def label(self, sequence: InputSequence, name: str) -> InputSequence:
        """Label a sequence of token ids with its tokens, unless it has labels.

        Raises InputError for rows of numbers and for an id that is not here.
        """
        if sequence.rows is not None and sequence.rows.shape[1] != 1:
            raise InputError(
                f"{name} holds rows of numbers, which need no vocabulary; leave {self.name} out."
            )
        try:
            tokens = sequence.as_tokens()
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
        for place, token in enumerate(tokens, start=1):
            if token >= len(self):
                raise InputError(
                    f"{name} has token {token} in place {place}; {self.name} has tokens 0 to "
                    f"{len(self) - 1}."
                )
        labels = sequence.labels or tuple(token_label(self.tokens[token]) for token in tokens)
        return InputSequence(tokens=tokens, labels=labels)

    def _missing(self, word: str, place: int, name: str) -> InputError:
        nearest = self._nearest(word)
        hint = f"; the nearest is {shortened(nearest)}" if nearest is not None else ""
        return InputError(
            f"{name} has {shortened(word)} in place {place}, which is not among the "
            f"{counted(len(self), 'token')} of {self.name}{hint}."
        )

    def _nearest(self, word: str) -> str | None:
        """The token most like `word`: but for its case, but for its accents, or in its letters."""
        if len(word) > _LONGEST_COMPARED:
            return None
        for bare in (str.casefold, _without_marks):
            wanted = bare(word)
            for token in self.tokens:
                if wanted and len(token) <= _LONGEST_COMPARED and bare(token) == wanted:
                    return token
        alike = [token for token in self.tokens if abs(len(token) - len(word)) <= 2]
        return next(iter(get_close_matches(word, alike[:_CANDIDATES], n=1)), None)


def read_vocabulary(path: Path) -> Vocabulary:
    """Read a vocabulary; raises InputError, by line, for an empty or a repeated token."""
    text = read_text(path)
    if text.count("\n") > MAX_TOKENS:
        raise InputError(f"{path} has more than {MAX_TOKENS} lines, the most tokens that are read.")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    for _ in ("the end of the last line", "an empty last line"):
        if lines and not lines[-1]:
            lines.pop()
    if not lines:
        raise InputError(f"{path} has no token; a vocabulary has one a line.")
    first: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line:
            raise InputError(
                f"{path}, line {number} is empty; each line of a vocabulary is a token."
            )
        token = _ESCAPED.sub(lambda found: _ESCAPES[found[0]], line)
        if token in first:
            raise InputError(
                f"{path}, line {number}: the token {shortened(token)} is there already, in line "
                f"{first[token]}."
            )
        first[token] = number
    return Vocabulary(str(path), tuple(first))


def read_text_sequence(text: str, vocabulary: Path) -> InputSequence:
    """A text, taken as it is, as tokens of the vocabulary in a file.

    Raises InputError when the file is no vocabulary, or a token of the text is not in it.
    """
    known = read_vocabulary(vocabulary)
    return known.sequence(known.split(text, "The text"), "The text")


def parse_text(text: str, vocabulary: Vocabulary | None, name: str) -> InputSequence:
    r"""The tokens of a text file: the end of its last line is dropped, `\r\n` is one newline.

    Raises InputError without a vocabulary, and for a token that it lacks.
    """
    if vocabulary is None:
        raise InputError(f"{name} holds text; it needs a vocabulary, a file with one token a line.")
    words = vocabulary.split(text.replace("\r\n", "\n").removesuffix("\n"), name)
    return vocabulary.sequence(words, name)


def read_sequence_text(path: Path, vocabulary: Vocabulary | None) -> InputSequence:
    """Read a text file as `parse_text` does."""
    return parse_text(read_text(path), vocabulary, str(path))


def _without_marks(text: str) -> str:
    """The letters without accents, in one case."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
