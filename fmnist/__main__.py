"""Runs the command line: `python -m fmnist`."""

import sys

from fmnist.cli import main

if __name__ == "__main__":
    sys.exit(main())
