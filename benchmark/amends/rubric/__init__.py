"""The rubric: what is measured and how a level follows from behaviours.

``definitions`` holds the words of data/rubric.json, ``levels`` the clauses that turn behaviours into a level,
``steps`` the seven steps of a conversation.
"""
