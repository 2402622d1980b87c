"""From tree to closures: every node becomes one Python function of a frame."""
