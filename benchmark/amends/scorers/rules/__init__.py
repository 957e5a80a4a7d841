"""The scorer ``rules``: behaviours by patterns with guards, levels by the rubric's own clauses."""
