"""One thread: sums in one order, so that two fits on one machine are equal to the bit."""

from __future__ import annotations

from amends.errors import UsageError


def one_thread() -> None:
    """Have torch use one thread.

    Raises:
        UsageError: torch is not installed.
    """
    try:
        import torch
    except ImportError:
        raise UsageError("training needs torch: install the extra, pip install 'amends[train]'") from None
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
