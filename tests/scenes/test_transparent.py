"""Pictures without their background: over any page they look as if drawn on it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gatereel.rnn_math import InputError
from gatereel.scenes.draw.legend import legend_shapes, legend_size
from gatereel.scenes.draw.pixels import without_background
from gatereel.scenes.draw.shapes import painted_in_full
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.export import ENCODERS, Film, Frame, check_targets
from gatereel.scenes.export.targets import WITHOUT_ALPHA
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.play.cairo_player import Easel
from gatereel.scenes.render import render
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import rgb
from tests.scenes.export.drawing import open_files
from tests.scenes.films import draw_still
from tests.scenes.traces import ENGLISH, demo_trace

LEVELS = 3.0
"""Of 255: a rounding of each colour drawn, a disc's and its core's, and of the one had back."""

PAGES = ("#ffffff", "#0d1117", "#1f6feb")

WIDTH = 240


def over(frame: Frame, page: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """A picture with straight alpha on a page of one colour."""
    share = frame[:, :, 3:] / 255.0
    return np.asarray(frame[:, :, :3] * share + np.array(rgb(page)) * (1.0 - share), np.float64)


def still(page: str) -> Frame:
    """The transparent still of a theme with this background."""
    theme = replace(load_theme("dark"), background=page)
    options = Options(width=WIDTH, theme=theme, transparent=True)
    return draw_still(plan(demo_trace("rnn", 1), options))


def legend(page: str, *, transparent: bool = False) -> Frame:
    theme = replace(load_theme("safe"), background=page)
    size = legend_size()
    pixels = (WIDTH, round(size[1] * WIDTH / size[0]))
    shapes = legend_shapes(theme, ENGLISH, Typesetter())
    easel = Easel(size, pixels, theme.background, transparent=transparent)
    return easel.frame([painted_in_full(shape, theme) for shape in shapes])


@pytest.mark.slow
@pytest.mark.parametrize("drawn_for", PAGES)
def test_the_legend_over_a_page_is_the_legend_drawn_on_it(drawn_for: str) -> None:
    picture = legend(drawn_for, transparent=True)
    assert picture[0, 0, 3] == 0
    assert set(np.unique(picture[:, :, 3])) > {0, 255}, "edges are soft"
    for page in PAGES:
        usual = legend(page)
        assert (usual[:, :, 3] == 255).all()
        assert np.abs(over(picture, page) - usual[:, :, :3]).max() <= LEVELS


@pytest.mark.slow
def test_nothing_of_the_background_is_left_in_a_still() -> None:
    first, *others = map(still, PAGES)
    assert first[0, 0, 3] == 0
    for other in others:
        assert (first[:, :, 3] == other[:, :, 3]).all()
        for page in PAGES:
            assert np.abs(over(first, page) - over(other, page)).max() <= LEVELS


@pytest.mark.slow
def test_a_film_over_its_background_is_the_film(tmp_path: Path) -> None:
    options = Options(width=WIDTH, fps=5, pace=0.4, theme=load_theme("dark"))
    trace, paths = demo_trace("rnn", 2), [tmp_path / "a.webp", tmp_path / "b.webp"]
    render(trace, paths[:1], options)
    render(trace, paths[1:], replace(options, transparent=True))
    with Image.open(paths[0]) as usual, Image.open(paths[1]) as transparent:
        frames = getattr(usual, "n_frames", 1)
        assert getattr(transparent, "n_frames", 1) == frames > 5
        for number in range(frames):
            usual.seek(number)
            transparent.seek(number)
            picture = np.array(transparent.convert("RGBA"))
            expected = np.array(usual.convert("RGB"))
            assert picture[0, 0, 3] == 0
            assert np.abs(over(picture, "#0d1117") - expected).max() <= LEVELS


def test_the_colour_under_an_edge_is_had_back() -> None:
    page, colour = np.array([13.0, 17.0, 23.0]), np.array([240.0, 100.0, 5.0])
    shares = np.arange(256) / 255.0
    drawn = np.rint(np.outer(shares, colour) + np.outer(1.0 - shares, page))
    frame = np.dstack([drawn[None], np.arange(256.0)[None, :, None]]).astype(np.uint8)
    straight = without_background(frame, (13, 17, 23))
    assert (straight[0, 0] == 0).all()
    assert (straight[0, 255, :3] == colour).all()
    # Half a level of the drawn colour, as many times larger as the share is small.
    off = np.abs(straight[0, 1:, :3] - colour).max(axis=1) * shares[1:]
    assert off.max() <= 1.0


# --- formats -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [s for s in ENCODERS if s not in WITHOUT_ALPHA])
def test_what_comes_and_goes_keeps_its_alpha(tmp_path: Path, suffix: str) -> None:
    frames = [np.zeros((9, 11, 4), np.uint8) for _ in range(4)]
    frames[1][3:6, 1:8] = (200, 100, 50, 255)
    frames[2][3:6, 5:10] = (10, 20, 30, 128)
    frames[2][4, 7] = (1, 2, 3, 255)
    frames[3][2:8, 2:9] = (250, 240, 230, 1)
    path = tmp_path / f"a{suffix}"
    with open_files([path], Film(11, 9, fps=10, transparent=True)) as files:
        for frame in frames:
            files.write(frame)
    with Image.open(path) as image:
        count = getattr(image, "n_frames", 1)
        for number in range(count):
            image.seek(number)
            shown = np.array(image.convert("RGBA"))
            np.testing.assert_array_equal(shown, frames[number - count])


def test_of_a_usual_film_alpha_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    with open_files([path], Film(2, 1, fps=10)) as files:
        files.write(np.array([[(1, 2, 3, 0), (4, 5, 6, 7)]], np.uint8))
    with Image.open(path) as image:
        assert (image.mode, image.tobytes()) == ("RGB", bytes([1, 2, 3, 4, 5, 6]))


@pytest.mark.parametrize("suffix", WITHOUT_ALPHA)
def test_a_format_without_transparency_is_refused_with_the_reason(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix.upper()}"
    check_targets([path])
    with pytest.raises(InputError) as caught:
        check_targets([tmp_path / "a.png", path], transparent=True)
    assert str(caught.value).endswith(
        f"cannot be transparent: {WITHOUT_ALPHA[suffix]}; write .webp, .png, .svg or .pdf instead."
    )
