"""``data audit``: what the dataset is worth, and where it is thin, from its own records; the same bytes each time."""
