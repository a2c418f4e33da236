"""No text of a file commands a terminal, turns the order of letters, or breaks XML."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math.printable import on_one_line, printable

LONGEST = 20


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("\r\b\x7f\x9b2J", r"\x0d\x08\x7f\x9b2J"),
        ("a\u202eb\u2066c\u200f", r"a\u202eb\u2066c\u200f"),
        ("a\u2028b", r"a\u2028b"),
        ("caf\udce9", r"caf\xe9"),
        ("\ud800 \uffff", r"\ud800 \uffff"),
        ("tiếng Việt → σ\t1\n", "tiếng Việt → σ\t1\n"),
    ],
)
def test_what_is_not_seen_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters(), max_size=20))
def test_any_text_is_well_formed_and_in_utf8(text: str) -> None:
    shown = printable(text).replace("&", "&amp;").replace("<", "&lt;")
    ElementTree.fromstring(f"<a>{shown}</a>".encode())
    assert printable(printable(text)) == printable(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc", r"a\x0ab\x09c"),
        ("\x1b[31mred\u202e", r"\x1b[31mred\u202e"),
        ("\U000e0041", r"\U000e0041"),
        ("tiếng Việt → σ", "tiếng Việt → σ"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * (LONGEST - 1) + "…"),
        ("\n" * LONGEST, r"\x0a" * 4 + r"\x0…"),
    ],
)
def test_a_name_stays_on_its_line_and_short(text: str, shown: str) -> None:
    assert on_one_line(text, LONGEST) == shown


@given(st.text(st.characters(), max_size=40))
def test_any_name_stays_on_its_line_and_short(text: str) -> None:
    shown = on_one_line(text, LONGEST)
    assert shown.isprintable()
    assert len(shown) <= LONGEST
