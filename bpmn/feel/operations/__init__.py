"""What can be done with values: compare, compute, write as text. A wrong type gives None."""
