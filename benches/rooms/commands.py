"""The command line in this process, as a user calls it; what it prints goes nowhere."""

from __future__ import annotations

import contextlib
import io
import sys


def command(*arguments: object, fine: tuple[int, ...] = (0,)) -> int:
    """Run ``amends ARGUMENTS...``.

    Args:
        arguments: each becomes a word of the command line.
        fine: exit codes that are no failure here.

    Returns:
        The exit code.

    Raises:
        SystemExit: it failed, with what it said.
    """
    from amends.cli import main

    said, kept = io.StringIO(), sys.argv
    sys.argv = ["amends", *map(str, arguments)]
    code: object = 0
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            main()
    except SystemExit as left:
        code = left.code or 0
    finally:
        sys.argv = kept
    if code not in fine:
        raise SystemExit(f"amends {' '.join(map(str, arguments))}: {code}\n{said.getvalue()[-2000:]}")
    return int(str(code))
