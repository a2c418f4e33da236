"""Names of files: placeholders in `-o`, and what files are called that nobody named."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from gatereel.cli.many.names import default_name, differing, expanded, named, values_of
from gatereel.cli.many.requests import PictureRequest
from gatereel.cli.options.look import LookOptions
from gatereel.cli.options.selection import Selection
from gatereel.cli.options.sources import Source
from gatereel.cli.options.stills import StillOptions
from gatereel.rnn_math import InputError
from gatereel.scenes.language.files import load_language
from gatereel.scenes.theme.files import load_theme

Command = Callable[..., Any]

VALUES = {"cell": "lstm", "theme": "dark", "weights": "", "n": "3"}


def request(
    cell: str | None = "lstm",
    theme: str | None = None,
    language: str | None = None,
    source: Source | None = None,
    outputs: Sequence[str] = (),
    stills: StillOptions | None = None,
) -> PictureRequest:
    look = LookOptions(
        theme=None if theme is None else load_theme(theme),
        language=None if language is None else load_language(language),
    )
    return PictureRequest(
        cell,
        tuple(outputs),
        stills or StillOptions(),
        source or Source(),
        Selection(),
        look,
    )


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("a.gif", "a.gif"),
        ("{cell}-{theme}.gif", "lstm-dark.gif"),
        ("{{cell}}{n}/", "{cell}3/"),
    ],
)
def test_placeholders_become_what_they_stand_for(template: str, text: str) -> None:
    assert expanded("-o", template, VALUES) == text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{cel}.gif", r"-o {cel}\.gif: {cel} is no placeholder; accepted are {cell}, {theme}"),
        ("{}.gif", "{} is no placeholder"),
        ("{cell!r}.gif", "{cell} is no placeholder"),
        ("{cell:>9}.gif", "{cell} is no placeholder"),
        ("{cell.gif", "a placeholder is {cell}, {theme}"),
        ("cell}.gif", "braces themselves are doubled"),
        ("{weights}.gif", "has no {weights}; give --weights, or leave it out"),
    ],
)
def test_what_is_no_placeholder_is_told(template: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        expanded("-o", template, VALUES)


@pytest.mark.parametrize(
    ("requests", "names"),
    [
        ([request("lstm")], ["lstm"]),
        ([request("lstm"), request("gru")], ["lstm", "gru"]),
        (
            [request("lstm", "dark", "vi"), request("lstm", "safe", "vi")],
            ["lstm-dark", "lstm-safe"],
        ),
        (
            [request("lstm", "dark", "vi"), request("gru", "safe", "en")],
            ["lstm-dark-vi", "gru-safe-en"],
        ),
        (
            [request("rnn", source=Source(weights=Path(f"a/{each} 1.npz"))) for each in "xy"],
            ["rnn-x-1", "rnn-y-1"],
        ),
    ],
)
def test_names_have_what_differs(requests: list[PictureRequest], names: list[str]) -> None:
    apart = differing(requests)
    assert [default_name(values_of(each, 1), apart) for each in requests] == names


def test_folders_that_a_placeholder_names_are_made() -> None:
    asked = request(
        outputs=["{theme}/{cell}.gif", "x/{cell}.mp4", "{cell}/", "a.gif"],
        stills=StillOptions(card="cards/{theme}/{cell}.png"),
    )
    whole = named(asked, VALUES)
    assert whole.request.outputs == ("dark/lstm.gif", "x/lstm.mp4", "lstm/", "a.gif")
    assert whole.request.stills.card == "cards/dark/lstm.png"
    assert whole.folders == ("dark/", "cards/dark/")
