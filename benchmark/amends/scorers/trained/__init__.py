"""The scorer ``trained``: a small encoder that reads the reply with its scenario, and heads for codes and levels."""
