"""refnn-conform, and python -m spec_tests: Ctrl-C is one line also while modules are imported."""

import sys


def main() -> int:
    try:
        from spec_tests import cli

        return cli.main()
    except KeyboardInterrupt:
        print("refnn-conform: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
