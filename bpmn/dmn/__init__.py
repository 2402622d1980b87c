"""Decisions: tables and formulas that turn facts into answers, and say which rows did it."""
