"""The command `gatereel`."""
