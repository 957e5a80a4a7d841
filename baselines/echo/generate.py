"""The customer's own last words back."""

import json
import sys

for line in sys.stdin.buffer:
    scenario = json.loads(line)
    said = [turn["text"] for turn in scenario["turns"] if turn["role"] == "customer"]
    print(json.dumps({"scenario_id": scenario["id"], "text": said[-1]}), flush=True)
