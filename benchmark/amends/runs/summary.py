"""Columns of judged replies, as ``results.summed`` takes them: which of them were given is told by their flags."""

from __future__ import annotations

import numpy as np

from amends.columns import Table, flag_bit
from amends.results import Judged, Mask
from amends.statistics.influence import Codes

__all__ = ["Judged", "Mask", "judged_of"]


def judged_of(table: Table, codes: Codes, supported: Mask) -> Judged:
    """Replies in columns; ``results.row_of`` says when one counts as not given.

    Args:
        table: of dtype ``columns.JUDGED``.
        codes: cluster of each.
        supported: where a reply in another language counts as none.
    """
    flags = table["flags"]
    absent = (flags & (flag_bit("empty") | flag_bit("not_a_reply"))) != 0
    absent |= ((flags & flag_bit("unsupported_language")) != 0) & supported
    return Judged(table, codes, np.asarray(~absent))
