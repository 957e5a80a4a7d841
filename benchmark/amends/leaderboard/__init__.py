"""The leaderboard: entries, what is refused, rows recomputed from replies, tiers of significance."""
