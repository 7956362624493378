"""Run dunning with python -m dunning_cli."""

import sys

from .cli.main import main

sys.exit(main())
