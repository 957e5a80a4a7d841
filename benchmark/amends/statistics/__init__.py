"""Statistics over stored vectors: estimates with intervals. Nothing here reads a text."""
