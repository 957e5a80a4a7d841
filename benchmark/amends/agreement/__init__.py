"""Agreement of annotators with each other, people, models and scorers alike: begun with alpha and the MTMM matrix."""
