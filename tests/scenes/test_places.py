"""The table of places: what each shows, and what is said of what it does not show."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math import InputError
from gatereel.scenes.export import FORMATS
from gatereel.scenes.fitting import COSTS
from gatereel.scenes.places import MEGABYTE, MEGAPIXEL, PLACES, Load, Place

every_place = pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))

VIDEOS = {".mp4", ".webm"}


@every_place
def test_a_place_shows_formats_that_there_are(place: Place) -> None:
    assert PLACES[place.name] is place
    assert set(place.suffixes) <= set(FORMATS)
    assert place.default_suffix == place.suffixes[0] == ".gif"
    assert ".png" in place.suffixes


@every_place
def test_what_is_counted_can_be_estimated(place: Place) -> None:
    """A limit on bytes or frames needs a format whose bytes and frames are known beforehand."""
    if (place.most_bytes, place.most_megapixels, place.most_frames) != (None, None, None):
        assert set(place.suffixes) <= set(COSTS)


@every_place
def test_a_video_needs_a_place_that_takes_its_markup(place: Place) -> None:
    assert ("video" in place.styles) == bool(VIDEOS & set(place.suffixes))
    assert place.styles


def test_what_the_limits_are_by_now() -> None:
    """The numbers that readers would notice first; `scenes/places.py` says where they come from."""
    most = {name: (p.most_bytes, p.most_megapixels) for name, p in PLACES.items()}
    assert most["github"] == (10_000_000, None)
    assert most["devto"] == (25_000_000, 200)
    assert most["cloudflare"] == (10_000_000, 50)
    assert most["medium"] == (25_000_000, None)
    assert PLACES["medium"].widest == 1400
    assert most["pages"] == (None, None)
    assert not PLACES["github"].writes_height


@pytest.mark.parametrize(
    ("limits", "load"),
    [
        ({"most_megapixels": 2}, Load(1000, 1000, 2, 0)),
        ({"most_frames": 7}, Load(1, 1, 7, 0)),
        ({"most_bytes": 3 * MEGABYTE}, Load(1, 1, 1, 3 * MEGABYTE)),
        ({"widest": 90}, Load(90, 1, 1, 0)),
    ],
)
def test_a_limit_is_reached_and_then_exceeded(limits: dict[str, int], load: Load) -> None:
    place = replace(PLACES["pages"], **limits)  # type: ignore[arg-type]
    assert place.excess(load) == ()
    more = Load(load.width + 1, load.height + 1, load.frames + 1, load.size_bytes + 1)
    ((has, limit),) = place.excess(more)
    assert has.split()[0] != limit.split()[0]  # also a little more looks like more
    assert has.split()[1] == limit.split()[1]


sizes = st.integers(1, 5000)


@every_place
@given(st.tuples(sizes, sizes, sizes, st.integers(0, 10**8)), st.tuples(*[st.integers(0, 9)] * 4))
def test_more_is_never_shown_where_less_is_not(
    place: Place, size: tuple[int, int, int, int], more: tuple[int, int, int, int]
) -> None:
    less = {limit for _, limit in place.excess(Load(*size))}
    larger = Load(*(a + b for a, b in zip(size, more, strict=True)))
    assert less <= {limit for _, limit in place.excess(larger)}


def test_a_suffix_is_refused_with_those_that_are_shown() -> None:
    PLACES["github"].check_suffixes([".gif", ".webp", ".png"])
    with pytest.raises(InputError, match=r"Medium does not show \.mp4 files; \.gif and \.png"):
        PLACES["medium"].check_suffixes([".gif", ".mp4"])
    with pytest.raises(InputError, match="without a suffix"):
        PLACES["medium"].check_suffixes([""])


def test_a_width_is_refused_where_readers_get_less() -> None:
    PLACES["medium"].check_width(1400)
    PLACES["github"].check_width(4000)
    with pytest.raises(InputError, match=r"1401; Medium shows up to 1400"):
        PLACES["medium"].check_width(1401)


def test_a_finished_file_is_checked_and_the_next_step_told() -> None:
    path, load = Path("a.gif"), Load(1000, 1000, 50, 10 * MEGABYTE)
    place = PLACES["cloudflare"]
    assert load.width * load.height * load.frames == 50 * MEGAPIXEL
    place.check_written(path, load)
    with pytest.raises(InputError, match=r"a\.gif has 10\.1 MB; .* up to 10 MB.*--width.*--fps"):
        place.check_written(path, replace(load, size_bytes=10 * MEGABYTE + 1))
    with pytest.raises(InputError, match=r"a\.gif has 51 megapixels; .* up to 50 megapixels"):
        place.check_written(path, replace(load, frames=51))


def test_capitals_are_mentioned_where_they_count() -> None:
    assert PLACES["github"].note_on(Path("LSTM.gif")) == ""
    assert PLACES["pages"].note_on(Path("Media/lstm.gif")) == ""
    assert "write lstm.gif" in PLACES["pages"].note_on(Path("media/LSTM.gif"))
