"""The machine room: what operators do about processes that stand still, and why."""
