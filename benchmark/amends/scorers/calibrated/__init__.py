"""The scorer ``calibrated:FILE``: the levels of one or more scorers through odds that were fitted to gold."""
