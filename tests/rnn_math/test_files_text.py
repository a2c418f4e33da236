"""Vocabularies, and text that they turn into tokens."""

from pathlib import Path

import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files import read_sequence, read_text_sequence, read_vocabulary
from gatereel.rnn_math.files.labels import LONGEST_LABEL, shown_label, token_label


@pytest.fixture
def vocabulary(tmp_path: Path) -> Path:
    """Ids: newline 0, space 1, a 2, b 3, ế 4, backslash 5, tab 6, apostrophe 7."""
    path = tmp_path / "vocab.txt"
    path.write_text("\\n\n \na\nb\nế\n\\\\\n\\t\n'\n", encoding="utf-8")
    return path


def words(tmp_path: Path, *tokens: str) -> Path:
    path = tmp_path / "words.vocab"
    path.write_text("\n".join(tokens), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "tokens"),
    [
        (b"a\nb\n", ("a", "b")),
        (b"a\nb", ("a", "b")),
        (b"a\nb\n\n", ("a", "b")),
        (b"a\r\nb\r\n", ("a", "b")),
        (b"\xef\xbb\xbfa\n \n", ("a", " ")),
        (b" a \nb c\n", (" a ", "b c")),
        (
            rb"\n" b"\n" rb"\t" b"\n" rb"\\n" b"\n" rb"\\" b"\n" rb"\d",
            ("\n", "\t", "\\n", "\\", "\\d"),
        ),
        (b"\\\n", ("\\",)),
        ("\u2028\n\x0c\n".encode(), ("\u2028", "\x0c")),
    ],
)
def test_a_vocabulary_has_a_token_a_line(
    tmp_path: Path, content: bytes, tokens: tuple[str, ...]
) -> None:
    path = tmp_path / "v.txt"
    path.write_bytes(content)
    vocabulary = read_vocabulary(path)
    assert vocabulary.tokens == tokens
    assert len(vocabulary) == len(tokens)
    assert [vocabulary.ids[token] for token in tokens] == list(range(len(tokens)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n", "has no token; a vocabulary has one a line"),
        (b"\n\n", "line 1 is empty"),
        (b"a\n\nb\n", "line 2 is empty"),
        (b"a\n\n\n", "line 2 is empty"),
        (b"a\nb\na\n", "line 3: the token 'a' is there already, in line 1"),
        (b"\\\n\\\\\n", r"line 2: the token '\\\\' is there already, in line 1"),
        (b"\xff", "is not UTF-8 text"),
    ],
)
def test_what_is_no_vocabulary(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "v.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_vocabulary(path)


def test_characters(vocabulary: Path) -> None:
    sequence = read_text_sequence("ab \n\tế\\'", vocabulary)
    assert sequence.tokens == (2, 3, 1, 0, 6, 4, 5, 7)
    assert sequence.labels == (
        "'a'",
        "'b'",
        "' '",
        r"'\n'",
        r"'\t'",
        "'ế'",
        r"'\\'",
        r"'\''",
    )


@pytest.mark.parametrize("name", ["x.txt", "x.TXT", "x", "x.story"])
@pytest.mark.parametrize("content", [b"a\nb", b"a\nb\n", b"a\r\nb\r\n", b"\xef\xbb\xbfa\nb\n"])
def test_a_text_file(tmp_path: Path, vocabulary: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert read_sequence(path, vocabulary=vocabulary).tokens == (2, 0, 3)


def test_words(tmp_path: Path) -> None:
    vocabulary = words(tmp_path, "the", "cat", "sat")
    sequence = read_text_sequence("  the cat\tsat\nthe ", vocabulary)
    assert sequence.tokens == (0, 1, 2, 0)
    assert sequence.labels == ("'the'", "'cat'", "'sat'", "'the'")


@pytest.mark.parametrize("unknown", ["<unk>", "[UNK]", "<UNK>"])
def test_the_unknown_token_stands_for_others(tmp_path: Path, unknown: str) -> None:
    vocabulary = words(tmp_path, "[PAD]", "a", "b", unknown)
    sequence = read_text_sequence("ab?", vocabulary)  # special tokens spell no text: characters
    assert sequence.tokens == (1, 2, 3)
    assert sequence.labels == ("'a'", "'b'", "'?'")
    vocabulary = words(tmp_path, unknown, "the", "cat")
    assert read_text_sequence("the dog", vocabulary).tokens == (1, 0)


@pytest.mark.parametrize(
    ("text", "tokens", "message"),
    [
        ("abC", ("a", "b", "c"), "text has 'C' in place 3, .* the 3 tokens of .*; .* is 'c'"),
        ("abe", ("a", "b", "é"), "text has 'e' in place 3, .*; the nearest is 'é'"),
        ("ab?", ("a", "b", "c"), r"text has '\?' in place 3, which is .*words.vocab\.$"),
        ("the cats", ("the", "cat"), "text has 'cats' in place 2, .*; the nearest is 'cat'"),
        ("z" * 90, ("the", "cat"), r"text has 'z{20}\.\.\.' in place 1"),
        ("", ("a",), "The text holds no token"),
        (" \n ", ("the",), "The text holds no token"),
    ],
)
def test_a_token_that_is_missing(
    tmp_path: Path, text: str, tokens: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_text_sequence(text, words(tmp_path, *tokens))


@pytest.mark.parametrize(
    ("name", "content", "tokens", "labels"),
    [
        ("x.json", '["a", "b", " "]', (2, 3, 1), ("'a'", "'b'", "' '")),
        ("x.json", "[2, 1]", (2, 1), ("'a'", "' '")),
        ("x.json", '{"labels": ["one", "two"], "inputs": [2, 1]}', (2, 1), ("one", "two")),
        ("x.csv", "token\n2\n1\n", (2, 1), ("'a'", "' '")),
        ("x.csv", "Mon,2\nTue,1\n", (2, 1), ("Mon", "Tue")),
    ],
)
def test_ids_and_texts_in_other_files(
    tmp_path: Path,
    vocabulary: Path,
    name: str,
    content: str,
    tokens: tuple[int, ...],
    labels: tuple[str, ...],
) -> None:
    path = tmp_path / name
    path.write_text(content)
    sequence = read_sequence(path, vocabulary=vocabulary)
    assert (sequence.tokens, sequence.labels) == (tokens, labels)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.json", "[2, 8]", "x.json has token 8 in place 2; .*vocab.txt has tokens 0 to 7"),
        ("x.json", "[[1.0, 2.0]]", "x.json holds rows of numbers, which need no vocabulary"),
        ("x.json", "[[1.5]]", "x.json: The sequence has 1.5 in place 1"),
        ("x.json", '["z"]', "x.json has 'z' in place 1, which is not among the 8 tokens"),
        ("x.csv", "1,2\n", "x.csv holds rows of numbers, which need no vocabulary; leave .*vocab"),
        ("x.txt", "z", "x.txt has 'z' in place 1"),
        ("x.txt", "\n", "x.txt holds no token"),
    ],
)
def test_what_a_vocabulary_does_not_fit(
    tmp_path: Path, vocabulary: Path, name: str, content: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_sequence(path, vocabulary=vocabulary)


def test_a_search_for_the_nearest_token_ends_soon(tmp_path: Path) -> None:
    many = (f"token{'x' * 30}{k}" for k in range(50_000))
    vocabulary = words(tmp_path, *many)
    with pytest.raises(InputError, match="in place 1"):
        read_text_sequence("tokenyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy1", vocabulary)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Mon\tday\n", "Mon day"),
        ("2026-11-23", "2026-11-23"),
        ("Thứ hai", "Thứ hai"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\u202eb", r"a\u202eb"),
        ("x" * 300, "x" * (LONGEST_LABEL - 1) + "…"),
    ],
)
def test_labels_are_fit_to_be_shown(text: str, shown: str) -> None:
    assert shown_label(text) == shown


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        ("l", "'l'"),
        (" ", "' '"),
        ("\n", r"'\n'"),
        ("'", r"'\''"),
        ('"', "'\"'"),
        ("'\"", r"""'\'"'"""),
        ("\\", r"'\\'"),
        ("\x1b", r"'\x1b'"),
        ("\ud800", r"'\ud800'"),
    ],
)
def test_tokens_are_shown_in_single_quotes(token: str, shown: str) -> None:
    assert token_label(token) == shown
