"""What rows of a picture are called, beyond the vectors that they show."""

OPERANDS_SUFFIX = ".in"
"""A weighted sum "f" is drawn as two rows: its operands "f.in" and, above them, the units "f"."""

OUT_SUFFIX = "_out"
"""A state "c" that has left the cell stands at the right edge as the row "c_out"."""
