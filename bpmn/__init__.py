"""The notation: read, check, evaluate, run in memory. No database, no HTTP, no waiting."""
