"""Other people's harnesses: the scenarios as their tasks, our scorers as theirs (docs/HARNESSES.md).

``inspect_task`` and ``lm_eval_task`` are imported by their harness alone; what they share needs neither.
"""

from pathlib import Path

LM_EVAL = Path(__file__).parent / "lm_eval"
"""The folder that lm-evaluation-harness takes with ``--include_path``."""
