"""The one door to SpiffWorkflow: diagrams in, running processes out, plain values either way."""
