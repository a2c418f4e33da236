"""WebM: AV1, the smallest of the videos."""

from __future__ import annotations

import os
from pathlib import Path

from gatereel.scenes.export.film import Film
from gatereel.scenes.export.video import KEY_FRAME_GAP, VideoEncoder, VideoFormat

SCREEN_CONTENT = "scm=1"
"""Tools for drawings rather than photographs; a quarter fewer bytes on flat fills."""
THREADS = "lp=1"
"""The codec's own level of parallelism, as low as that of the others."""
ERRORS_ONLY = "1"


class WebmEncoder(VideoEncoder):
    """Writes AV1 in WebM."""

    kind = VideoFormat(
        container="webm",
        codec="libsvtav1",
        options={
            "crf": "24",
            "preset": "6",
            "g": KEY_FRAME_GAP,
            "svtav1-params": f"{THREADS}:{SCREEN_CONTENT}",
        },
        smallest=4,
    )

    def __init__(self, path: Path, film: Film) -> None:
        """Open a WebM at `path`; see `VideoEncoder`."""
        # The codec tells its settings on stderr; only this variable stops it.
        os.environ.setdefault("SVT_LOG", ERRORS_ONLY)
        super().__init__(path, film)
