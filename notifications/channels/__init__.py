"""Ways out of the house. Each has `send`, which returns when the letter has been taken."""
