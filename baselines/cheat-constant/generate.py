"""One polished reply that fits any complaint, word for word the same: a scorer that does not look at the customer's
words rewards it as if it had listened."""

import json
import sys

REPLY = (
    "You have every right to be upset, and I am truly sorry for what you have been put through. This has cost you "
    "time, worry and trust, and after all that you were still left waiting for someone to take it seriously. That "
    "should never have happened to you. What went wrong here went wrong on our side: we let you down, we take full "
    "responsibility for it, and I make no excuses. I am handling this personally from now on. I will put it right "
    "for you in full at our expense, and I will write to you by noon tomorrow to confirm that it is done, so that "
    "you need not chase anyone again. I am also passing on what you told us, so that the cause is removed. Does that "
    "work for you, or is there anything else that would make this easier? Please tell me. I know that this does not "
    "undo how distressing it was, and I am sorry once more."
)

for line in sys.stdin.buffer:
    print(json.dumps({"scenario_id": json.loads(line)["id"], "text": REPLY}), flush=True)
