"""Telling people, reliably: outbox, channels, templates."""
