"""The scorer card: what a scorer's levels and behaviours are worth, against gold and against tricks.

``card.validity`` makes one; ``sections`` holds what it consists of. Every section is computed by pure functions from
scored items, each carries n and intervals, and a section that cannot be computed says why.
"""
