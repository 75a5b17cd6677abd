"""python -m spec_tests is refnn-conform."""

import sys

from spec_tests.cli import main

if __name__ == "__main__":
    sys.exit(main())
