"""Languages as files, a file each beside this one, and what their entries must be."""
