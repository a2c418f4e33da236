"""Clips: how long, how large, what is on them, and that their numbers are those that are told."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gatereel.rnn_math import CELLS, InputError, random_inputs, unroll
from gatereel.rnn_math.comparisons import COMPARISONS
from gatereel.rnn_math.gradients import band, scaled, untrained
from gatereel.rnn_math.trained import TRAINED, trained
from gatereel.scenes.clips import (
    Content,
    Gradient,
    NamedBand,
    Slopes,
    Squash,
    Why,
    clip_alt,
    draw_clip,
    plan_clip,
)
from gatereel.scenes.clips.clip import LONGEST, WIDTH
from gatereel.scenes.clips.gradient import MOST_BANDS, MOST_TIMESTEPS
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fingerprint import fingerprint
from gatereel.scenes.language.files import load_language
from gatereel.scenes.tell.description import LONGEST_ALT_TEXT
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.tell.numbers import factor_text, number
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import GRADIENT, THEMES, rgb

LARGEST_FILE = 500_000
"""Bytes of a film: it is meant for a README."""
SMALLEST_TEXT = 13.0
"""Pixels of type where a picture is as wide as the illustrated cells."""
ROUNDING = 0.5 / 25.0
"""Seconds: half a frame."""
OF_A_PALETTE = 4.0
"""Levels of 255 by which a picture of a few dozen colours differs from the one of all, at most."""
SMALL = 300
"""Pixels in width of a film that is drawn to be looked at by a test alone."""


@cache
def of_trained() -> Gradient:
    bands = []
    for name in TRAINED:
        each = trained(CELLS[name])
        made = band(unroll(each.cell, each.parameters, each.inputs))
        bands.append(NamedBand(name, made, each.accuracy))
    return Gradient(tuple(bands), trained_letters=60)


@cache
def of_scales(threshold: float | None = None) -> Gradient:
    rnn, x = CELLS["rnn"], random_inputs(4, 30, 0)
    parameters = untrained(rnn, 4, 32, seed=0)
    bands = (
        NamedBand("rnn", band(unroll(rnn, scaled(rnn, parameters, s), x), threshold), None, s)
        for s in (0.5, 1.0, 1.5)
    )
    return Gradient(tuple(bands), random_units=32)


CONTENTS: dict[str, Content] = {
    "squash": Squash(),
    "squash relu": Squash(("relu",), (2.0, -3.0)),
    **{f"why {name}": Why(name) for name in COMPARISONS},
    "slopes": Slopes(),
    "trained": of_trained(),
    "scales": of_scales(),
    "clipped": of_scales(1.0),
}

every_clip = pytest.mark.parametrize("content", CONTENTS.values(), ids=list(CONTENTS))
every_language = pytest.mark.parametrize("language", LANGUAGES)


def moments(content: Content, language: str = "en") -> Iterator[tuple[Painted, ...]]:
    made = content.clip(load_theme(), load_language(language))
    yield made.whole
    for shot in made.shots:
        for progress in (0.0, 0.3, 0.5, 0.8, 1.0):
            yield (*made.ground, *shot.at(progress))


@every_clip
@every_language
def test_a_clip_is_short(content: Content, language: str) -> None:
    made = content.clip(load_theme(), load_language(language))
    assert made.seconds <= LONGEST + ROUNDING
    assert all(shot.moving > 0.0 for shot in made.shots)


@every_clip
@every_language
def test_everything_stays_on_the_picture(content: Content, language: str) -> None:
    height = content.clip(load_theme(), load_language(language)).height
    for painted in moments(content, language):
        for item in painted:
            if len(item.outline):
                low, high = item.outline.min(axis=0), item.outline.max(axis=0)
                assert low.min() >= 0.0
                assert high[0] <= WIDTH
                assert high[1] <= height


@every_clip
@every_language
def test_no_letters_are_small_or_cut(
    content: Content, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_: list[Text] = []
    original = Typesetter.glyphs

    def noting(self: Typesetter, text: Text) -> object:
        set_.append(text)
        return original(self, text)

    monkeypatch.setattr(Typesetter, "glyphs", noting)
    content.clip(load_theme(), load_language(language))
    assert min(text.size for text in set_) >= SMALLEST_TEXT
    assert not [text.markup for text in set_ if "…" in text.markup]


@every_clip
def test_a_shot_ends_where_the_next_begins(content: Content) -> None:
    """Nothing that has come up goes away."""
    shots = content.clip(load_theme(), load_language()).shots
    for before, after in pairwise(shots):
        stands = {item.outline.tobytes() for item in after.at(0.0)}
        assert {item.outline.tobytes() for item in before.at(1.0)} <= stands


@every_clip
@every_language
def test_words_say_what_there_is(content: Content, language: str) -> None:
    told = content.told(load_language(language))
    assert told.rows
    assert {len(row.cells) for row in told.rows} == {len(told.headings)}
    assert len(clip_alt(told)) <= LONGEST_ALT_TEXT
    assert clip_alt(told).startswith(told.title)
    assert not re.search(r"[{}]", " ".join((told.title, *told.sentences)))


@every_clip
def test_values_are_columns_of_one_length(content: Content) -> None:
    assert len({len(column) for column in content.values().columns.values()}) == 1


def test_what_comes_out_is_written_to_four_decimals(monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []
    original = Typesetter.glyphs

    def noting(self: Typesetter, text: Text) -> object:
        words.append(text.markup)
        return original(self, text)

    monkeypatch.setattr(Typesetter, "glyphs", noting)
    Squash().clip(load_theme(), load_language())
    for result in ("0.9933", "0.5250", "0.3775", "0.9999", "0.0997", "−0.4621"):
        assert plain(result) in words


@pytest.mark.parametrize("place", [0, 20, 40])
def test_a_band_is_as_high_as_the_logarithm_of_what_arrives(place: int) -> None:
    """Read off the outline of the area of each band, at the same scale in all of them."""
    gradient = of_trained()
    made = gradient.clip(load_theme(), load_language())
    pale = load_theme().hollow(load_theme().fill(GRADIENT, 0))
    areas = [item.outline for item in made.shots[-1].at(1.0) if item.style.fill == pale]
    tops = []
    for area, named in zip(areas, gradient.bands, strict=True):
        # The first corner is at the bottom; of each straight piece the first point is a corner.
        corners = area[::4]
        tops.append((corners[0][1] - corners[1 + place][1], named.band.left[place]))
    (rnn_height, rnn), (lstm_height, lstm), (gru_height, gru) = tops
    pitch = (lstm_height - rnn_height) / (np.log10(lstm) - np.log10(rnn))
    assert gru_height - rnn_height == pytest.approx(
        pitch * (np.log10(gru) - np.log10(rnn)), abs=1e-6
    )


def test_what_arrives_is_told_in_words() -> None:
    gradient = of_trained()
    told = gradient.told(load_language())
    for each in gradient.bands:
        assert factor_text(each.band.arrives[0]) in told.sentences[-1]
        if each.band.straight is not None:
            assert factor_text(each.band.straight[0]) in told.sentences[-1]
    assert "60 letters" in told.sentences[0]


def test_random_weights_are_told_as_such() -> None:
    assert (
        "Not trained, 32 units with random weights"
        in of_scales().told(load_language()).sentences[0]
    )


def test_clipping_is_told_and_what_is_left_is_drawn() -> None:
    gradient = of_scales(1.0)
    told = gradient.told(load_language())
    assert told.sentences[-1].startswith("Clipped to 1")
    assert factor_text(gradient.bands[2].band.left[0]) in told.sentences[1]
    assert gradient.bands[2].band.left[0] < gradient.bands[2].band.arrives[0]


@pytest.mark.slow
@every_clip
def test_a_film_is_small_and_opens_complete(content: Content, tmp_path: Path) -> None:
    planned = plan_clip(content)
    film, still = tmp_path / "a.gif", tmp_path / "a.png"
    written = draw_clip(planned, [film, still])
    assert [file.path for file in written] == [film, still]
    assert written[0].size_bytes <= LARGEST_FILE
    assert written[0].seconds <= LONGEST + ROUNDING
    with Image.open(film) as gif, Image.open(still) as png:
        first = np.asarray(gif.convert("RGB"), dtype=int)
        gif.seek(getattr(gif, "n_frames", 1) - 1)
        last = np.asarray(gif.convert("RGB"), dtype=int)
        np.testing.assert_array_equal(first, last)
        assert np.abs(first - np.asarray(png.convert("RGB"), dtype=int)).mean() < OF_A_PALETTE


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_the_gradient_s_colour_is_exact(theme: str, tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    draw_clip(plan_clip(of_trained(), SMALL, load_theme(theme)), [path])
    with Image.open(path) as gif:
        colours = gif.convert("RGB").getcolors(maxcolors=1 << 20)
    assert colours is not None
    assert rgb(load_theme(theme).hollow(load_theme(theme).fill(GRADIENT, 0))) in {
        colour for _, colour in colours
    }


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".webp", ".webm", ".png", ".svg", ".pdf"])
def test_every_format_can_have_it(suffix: str, tmp_path: Path) -> None:
    (written,) = draw_clip(plan_clip(Squash(), SMALL), [tmp_path / f"a{suffix}"])
    assert written.size_bytes > 0


def test_the_same_clip_has_the_same_fingerprint() -> None:
    assert fingerprint(plan_clip(Squash())) == fingerprint(plan_clip(Squash()))
    others = (plan_clip(Squash(numbers=(1.0,))), plan_clip(Squash(), 600), plan_clip(Slopes()))
    assert len({fingerprint(each) for each in (plan_clip(Squash()), *others)}) == 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Squash(("sine",)), "'sine' is none of"),
        (lambda: Squash(("tanh", "sigmoid", "relu")), "3 functions are asked for"),
        (lambda: Squash(()), "0 functions"),
        (lambda: Squash(numbers=(1.0,) * 5), "--values has 5 numbers; 1 to 4"),
        (lambda: Squash(numbers=(float("nan"),)), "nan is too large"),
        (lambda: Squash(numbers=(1e9,)), "1e\\+09 is too large"),
        (lambda: Why("because"), "'because' is none of state, gate, candidate or output"),
        (lambda: Gradient(()), "0 bands are asked for"),
        (lambda: Gradient(of_trained().bands * 3), f"1 to {MOST_BANDS} have room"),
        (lambda: Gradient((*of_trained().bands, *of_scales().bands)), "different lengths"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()


@pytest.mark.parametrize("timesteps", [2, 3, 300])
def test_any_number_of_timesteps_has_room(timesteps: int) -> None:
    rnn = CELLS["rnn"]
    trace = unroll(rnn, untrained(rnn, 2, 4, seed=0), random_inputs(2, timesteps, 0))
    content = Gradient((NamedBand("rnn", band(trace)),))
    assert content.timesteps == timesteps <= MOST_TIMESTEPS
    test_everything_stays_on_the_picture(content, "en")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.0, "0.0"),
        (0.25**10, "9.5e−7"),
        (0.9969, "1.00"),
        (33.9, "34"),
        (999.6, "1000"),
        (59_049.0, "5.9e4"),
        (1.37e-19, "1.4e−19"),
        (0.0123, "0.012"),
        (-3.2, "−3.2"),
    ],
)
def test_factors_have_two_digits(value: float, text: str) -> None:
    assert factor_text(value) == text


def test_numbers_in_a_lane_are_those_of_the_discs() -> None:
    from gatereel.scenes.clips.why import written

    assert written(-0.541) == number(-0.541)
    assert (written(59_049.0), written(-1180.98)) == ("59049", "−1181")
