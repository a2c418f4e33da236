"""MP4: H.264, which every browser, phone and editor plays."""

from __future__ import annotations

from .video import KEY_FRAME_GAP, VideoEncoder, VideoFormat


class Mp4Encoder(VideoEncoder):
    """Writes H.264 in MP4; crf 18 is where flat fills come back within a few levels."""

    kind = VideoFormat(
        container="mp4",
        codec="libx264",
        options={"crf": "18", "preset": "medium", "g": KEY_FRAME_GAP},
        # The index at the front lets a page play before everything is there.
        container_options={"movflags": "+faststart"},
    )
