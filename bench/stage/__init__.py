"""What the benchmarks stand on: databases, models, counters, and the ways to compare with."""
