"""The desk: local pages on which people do what programs do elsewhere, behind one guarded server.

``guard`` decides what is let in, ``doors`` who comes in, ``server`` how many and how long. What people do there is one
module of routes each: ``answering`` for replies, ``labelling`` for labels.
"""
