"""The shipped diagrams, decisions and forms, and what their service tasks do."""
