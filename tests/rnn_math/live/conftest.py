"""Which tests of models in memory there are."""

from importlib.util import find_spec

# flax is no part of `make libraries`, for with jax it takes 750 MB. Where it is not installed, a
# test that skipped would be one that `make rest` misses; its numbers are held without it, too.
collect_ignore = [] if find_spec("flax") else ["test_flax_live.py"]
