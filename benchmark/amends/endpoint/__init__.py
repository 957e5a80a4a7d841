"""A language model at an OpenAI-compatible endpoint: retries, limits, a disk cache, counts. It knows no judging."""
