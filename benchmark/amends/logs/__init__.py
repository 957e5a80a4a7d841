"""Users' files as exchanges: JSON Lines, CSV and Parquet, replies or self-contained exchanges."""
