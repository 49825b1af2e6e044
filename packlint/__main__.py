"""`packlint` and `python -m packlint`."""

import sys

from packlint.cli import main

if __name__ == "__main__":
    sys.exit(main())
