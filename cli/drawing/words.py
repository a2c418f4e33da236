"""What the options of drawing take in the place of a number or an address."""

LOCAL = "local"
"""As `--dask`: a cluster of this machine's cores."""

AUTO = "auto"
"""As `--jobs`: one a core."""
