"""The commands of `handschlag`, a module a subject."""
