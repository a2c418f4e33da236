"""What MP4 and WebM share: exact times, BT.709 colours that are tagged as such."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from gatereel.rnn_math.printable import printable
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.export.changes import PixelChange
from gatereel.scenes.export.encoder import Outcome
from gatereel.scenes.export.film import Film
from gatereel.scenes.export.yuv import YuvCanvas

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream

BT709 = 1
"""The code for BT.709 primaries, transfer and matrix alike: ITU-T H.273 (2024), tables 2 to 4."""
LIMITED_RANGE = 1
"""The codec library's code for luma from 16 to 235."""
KEY_FRAME_GAP = "600"
"""Frames from one whole picture to the next: a flat drawing seldom needs one."""
BITEXACT = "+bitexact"
"""Leaves dates and version numbers out of the container: the same frames, the same bytes."""


@dataclass(frozen=True)
class VideoFormat:
    """A container, its codec and the options of both.

    A codec has one thread: with several, what it decides may depend on which of them is ahead, and
    the same film would not always give the same bytes. It works beside the drawing anyway.

    A side is at least `smallest` pixels. A picture that stands is coded again after
    `longest_hold` seconds, so that players and seeking have something to go by; 0 codes it at
    every frame, which is a constant rate. Anything else needs a codec told to keep the pictures
    in the order in which they are shown.
    """

    container: str
    codec: str
    options: Mapping[str, str]
    container_options: Mapping[str, str] = field(default_factory=dict)
    smallest: int = 2
    longest_hold: float = 0.0


class VideoEncoder:
    """Writes pictures to a video as they come; a hold is the same picture again.

    A subclass says in `kind` which container and codec it writes.
    """

    beside: ClassVar[bool] = True
    kind: ClassVar[VideoFormat]

    @classmethod
    def available(cls) -> bool:
        """Return whether the codec came with the installed video library."""
        import av

        return cls.kind.codec in av.codecs_available

    def __init__(self, path: Path, film: Film) -> None:
        """Open a video at `path`.

        Raises OSError (the file cannot be written).
        """
        import av

        kind = self.kind
        self._film = film
        self._canvas = YuvCanvas(film.width, film.height, film.background, kind.smallest)
        self._frames = 0  # shown so far
        self._pictures = 0  # coded so far
        self._step = max(1, int(kind.longest_hold * film.fps))
        self._holds: deque[int] = deque()  # of the pictures that the codec has not given back
        self._container: OutputContainer = av.open(
            path,
            "w",
            format=kind.container,
            options={"fflags": BITEXACT, **kind.container_options},
        )
        self._container.metadata.update(
            {key: printable(text) for key, text in film.metadata.items()}
        )
        self._stream = cast(
            "VideoStream",
            self._container.add_stream(kind.codec, rate=film.fps, options=dict(kind.options)),
        )
        self._stream.width, self._stream.height = self._canvas.width, self._canvas.height
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.time_base = Fraction(1, film.fps)
        context.thread_count = 1
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = LIMITED_RANGE

    def write(self, change: PixelChange) -> None:
        """Encode the picture that `change` makes, as often as its hold asks for.

        Raises OSError (the disk is full or gone).
        """
        import av

        self._canvas.update(change)
        picture = av.VideoFrame.from_ndarray(self._canvas.planes, "yuv420p")
        picture.time_base = Fraction(1, self._film.fps)
        picture.colorspace, picture.color_range = BT709, LIMITED_RANGE
        picture.color_primaries = picture.color_trc = BT709
        for start in range(0, change.count, self._step):
            hold = min(self._step, change.count - start)
            picture.pts = self._frames
            self._frames += hold
            self._pictures += 1
            self._holds.append(hold)
            self._encode(picture)

    def finish(self) -> Outcome:
        """Encode what the codec still holds and close the file.

        Raises ValueError (no frame was written) and OSError (the disk is full or gone).
        """
        if not self._frames:
            raise ValueError("The film has no frame; write at least one.")
        with _library_errors():
            self._encode(None)
            self._container.close()
        seconds = self._frames / self._film.fps
        return Outcome(self._canvas.width, self._canvas.height, self._pictures, seconds)

    def _encode(self, picture: VideoFrame | None) -> None:
        """Pass on `picture`, or the end, and write what the codec gives back."""
        with _library_errors():
            for packet in self._stream.encode(picture):
                # The container cannot know how long the last one stands.
                packet.duration = self._holds.popleft()
                self._container.mux(packet)

    def abort(self) -> None:
        """Close the file as it is."""
        # What a full disk says about a file that goes anyway is of no use to anybody.
        with suppress(OSError), _library_errors():
            self._container.close()


@contextmanager
def _library_errors() -> Iterator[None]:
    """Turn the video library's own errors into OSError, whose words a user understands."""
    import av

    try:
        yield
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error
