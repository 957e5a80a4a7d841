"""Contributions: examples that people hand in, from the first question to a new version of the dataset.

``form`` and ``session`` ask for one, ``table`` reads many; ``examine`` says what is wrong with them, and ``mend`` mends
what needs no judgement; ``gate`` measures the labels of others, ``accept`` and ``withdraw`` make versions.
"""
