"""Agreement of annotators with each other, people, models and scorers alike: levels, behaviours, spans and biases."""
