"""The scorer ``judge``: a language model at an OpenAI-compatible endpoint, held to the same card as the others."""
