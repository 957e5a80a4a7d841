"""The one loop, resumable: scenarios -> replies -> annotations -> Result, every line on disk at once."""
