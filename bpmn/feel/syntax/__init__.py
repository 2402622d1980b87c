"""From text to tree. Nothing here knows values or what an operator means."""
