"""Makes `python -m gatereel` the same as `gatereel`."""

import os
import sys

# Python looks for modules in the current folder first when it is started so. What lies there is
# not for us to run, unless it is where this package is. pathlib would be the first to be found.
_here = os.path.abspath(sys.path[0])  # noqa: PTH100
if _here != os.path.abspath(f"{__file__}/../.."):  # noqa: PTH100
    del sys.path[0]

from gatereel.cli import main  # noqa: E402  # only now is it safe

sys.exit(main())
