"""Fitting a calibration: scorers' levels to gold, and what that is worth on replies that were not fitted on.

``fit.calibrate`` makes one; ``measure`` holds its out-of-fold numbers. The scorer that uses it is
``amends.scorers.calibrated``.
"""
