"""The dataset: its records, gold computed from annotations, the build that joins them, and loading."""
