"""MP4: H.264, which every browser, phone and editor plays."""

from __future__ import annotations

import numpy as np

from gatereel.scenes.export.video import KEY_FRAME_GAP, VideoEncoder, VideoFormat

IN_ORDER = {"bf": "0"}
"""No pictures from both sides: the file then tells exactly how long each one stands."""
_AVX512 = ("AVX512", "X86_V4")
"""How numpy's names of what a processor can do begin where it has AVX-512."""
LONGEST_HOLD = 0.5
"""Seconds. A film of holds takes a quarter of the time, and fewer bytes, than at every frame."""


def repeatable() -> dict[str, str]:
    """The options of x264 with which a film gives the same bytes each time.

    Of what it has for AVX-512, something that looks ahead reads memory that nothing was written to:
    about one film in 300 came out different. With AVX2, which each of those processors has too, it
    gives the bytes that it mostly gave, as fast.
    """
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    found = (*simd.get("baseline", ()), *simd.get("found", ()))
    return {"x264-params": "asm=AVX2"} if any(name.startswith(_AVX512) for name in found) else {}


class Mp4Encoder(VideoEncoder):
    """Writes H.264 in MP4; crf 20 is where flat fills still come back within a few levels."""

    kind = VideoFormat(
        container="mp4",
        codec="libx264",
        options={"crf": "20", "preset": "faster", "g": KEY_FRAME_GAP, **IN_ORDER, **repeatable()},
        # The index at the front lets a page play before everything is there.
        container_options={"movflags": "+faststart"},
        longest_hold=LONGEST_HOLD,
    )
