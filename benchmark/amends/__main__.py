"""``python -m amends``: the command line."""

from __future__ import annotations

from amends.cli import main

if __name__ == "__main__":
    main()
