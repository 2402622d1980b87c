"""The people of the office: who they are, where they belong, how they come in, what they can."""
