"""The leaderboard's pages: a board as static, self-contained files that read from a disk as from a server.

Nothing in them is asked from a network, no page runs a script that a hash in its own policy does not name, and
every text of a submission is escaped, isolated in its direction, and shown with what it hides.
"""

from amends.site.build import Built, build

__all__ = ["Built", "build"]
