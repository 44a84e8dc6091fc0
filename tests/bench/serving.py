"""Serves like `tracker serve --workers 2`, with the floor among the pages: python -m tests.bench.serving PORT."""

import sys

from tracker.commands.serving import serve_here

WORKERS = 2

if __name__ == "__main__":
    serve_here("127.0.0.1", int(sys.argv[1]), WORKERS, made_by="tests.bench.floor:create")
