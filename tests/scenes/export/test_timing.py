"""The longest film of whole frames within some seconds, in every format's own count of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.scenes.tell.hundredths import HUNDREDTHS, delays, longest_within

rates = st.integers(5, 50)


@given(st.floats(0.5, 100.0), rates)
def test_no_format_shows_it_longer(seconds: float, fps: int) -> None:
    length = longest_within(seconds, fps)
    frames = round(length * fps)
    assert frames == pytest.approx(length * fps)
    _, end = delays([1] * frames, fps)
    assert end / HUNDREDTHS <= seconds + 1e-9
    assert round(frames * 1000 / fps) / 1000 <= seconds + 1e-9


@given(st.integers(50, 10_000), rates)
def test_no_frame_more_would_fit(hundredths: int, fps: int) -> None:
    seconds = hundredths / HUNDREDTHS
    assert longest_within(seconds, fps) + 1 / fps > seconds


def test_whole_seconds_are_had_in_full() -> None:
    assert longest_within(5.0, 25) == 5.0
    assert longest_within(0.29, 50) == 0.28
    assert longest_within(0.29, 25) == 0.28
    assert longest_within(4.999, 25) == 4.96
