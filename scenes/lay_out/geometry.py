"""Points and boxes, in pixels, y downwards."""

from gatereel.rnn_math.records import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, across: float, down: float) -> "Box":
        """The rectangle with so much more at each side."""
        return Box(self.left - across, self.top - down, self.right + across, self.bottom + down)

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )
