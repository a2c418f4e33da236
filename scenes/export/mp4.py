"""MP4: H.264, which every browser, phone and editor plays."""

from __future__ import annotations

from gatereel.scenes.export.video import KEY_FRAME_GAP, VideoEncoder, VideoFormat

IN_ORDER = {"bf": "0"}
"""No pictures from both sides: the file then tells exactly how long each one stands."""
LONGEST_HOLD = 0.5
"""Seconds. A film of holds takes a quarter of the time, and fewer bytes, than at every frame."""


class Mp4Encoder(VideoEncoder):
    """Writes H.264 in MP4; crf 20 is where flat fills still come back within a few levels."""

    kind = VideoFormat(
        container="mp4",
        codec="libx264",
        options={"crf": "20", "preset": "faster", "g": KEY_FRAME_GAP, **IN_ORDER},
        # The index at the front lets a page play before everything is there.
        container_options={"movflags": "+faststart"},
        longest_hold=LONGEST_HOLD,
    )
