"""Makes `python -m cli` the same as `gatereel`."""

import sys

from cli import main

sys.exit(main())
