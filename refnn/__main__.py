"""python -m refnn: the command `refnn`."""

import sys

from refnn.cli import main

sys.exit(main())
