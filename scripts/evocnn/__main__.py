"""python -m evocnn: see `evocnn.commands`."""

import sys

from evocnn.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
