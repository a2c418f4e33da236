"""What measures gatereel: `python -m tests.bench`, or `make bench`.

The process that measures uses the standard library alone: on Linux the peak of a child starts at
the size of its parent, so it must stay smaller than anything that it measures.
"""
