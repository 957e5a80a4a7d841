"""An empty courtesy, whatever the customer wrote."""

import hashlib
import json
import sys

WORDINGS = (
    "Thank you for contacting us. We are sorry for any inconvenience caused. Your message is important to us and "
    "we appreciate your patience.",
    "Dear customer, thank you for reaching out. We apologise for any inconvenience this may have caused and "
    "appreciate your understanding. Kind regards, Customer Care",
    "Hello and thanks for getting in touch! We value your feedback. Have a great day!",
    "Thank you for your message. We take all feedback seriously and strive to give every customer the best "
    "possible service.",
    "We thank you for your valued custom and regret any inconvenience experienced. Please do not hesitate to "
    "contact us again. Yours faithfully, Customer Services",
    "Hi there, sorry to hear that! Thanks for letting us know. We appreciate you being part of our community.",
    "Thanks for bringing this to our attention. Customer satisfaction is our highest priority. With best wishes, "
    "the Support Team",
    "Many thanks for your enquiry. We are sorry to learn that your experience did not meet expectations. We hope "
    "to serve you again soon.",
    "We appreciate you taking the time to write. Please accept our apologies for any inconvenience. Warm regards",
    "Your message has been received, thank you. We are always happy to hear from our customers.",
)

for line in sys.stdin.buffer:
    name = json.loads(line)["id"]
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    print(json.dumps({"scenario_id": name, "text": WORDINGS[number % len(WORDINGS)]}), flush=True)
