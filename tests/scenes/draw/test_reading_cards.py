"""The legend's second part: each card shows what films use, within its panel."""

import numpy as np
import pytest

from gatereel.scenes.draw.legend import legend_size
from gatereel.scenes.draw.reading_cards import reading_painted
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.tell.language import LANGUAGES, READINGS
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import THEMES

PANEL = Box(10.0, 20.0, 357.0, 192.0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", READINGS)
def test_a_card_stays_in_its_panel(name: str, theme: str) -> None:
    painted = reading_painted(name, PANEL, load_theme(theme), Typesetter())
    points = np.concatenate([item.outline for item in painted])
    assert points[:, 0].min() > PANEL.left
    assert points[:, 0].max() < PANEL.right
    assert points[:, 1].min() > PANEL.top
    assert points[:, 1].max() < PANEL.bottom


def test_levels_and_cores_have_the_themes_colours() -> None:
    theme = load_theme()
    for name, colour in (
        ("levels", theme.level(theme.fill("forget gate", 0))),
        ("cores", theme.core(theme.fill("cell state in", 0))),
    ):
        fills = {item.style.fill for item in reading_painted(name, PANEL, theme, Typesetter())}
        assert colour in fills


def test_what_waits_is_paler_than_what_is_active() -> None:
    theme = load_theme()
    waiting, active = (
        {item.style.stroke for item in reading_painted(name, PANEL, theme, Typesetter())}
        for name in ("waiting", "active")
    )
    assert theme.accent in active
    assert not waiting & {theme.accent, theme.line}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_has_a_name_and_a_meaning(language: str) -> None:
    words = load_language(language).readings
    assert len({words.card(name) for name in READINGS}) == len(READINGS)


def test_the_second_part_stands_below_the_symbols() -> None:
    width, height = legend_size()
    assert legend_size(readings=True)[0] == width
    assert legend_size(readings=True)[1] > height
