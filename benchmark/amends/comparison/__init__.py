"""Generators, logs and before/after groups compared: what differs, by how much, and how sure that is."""
