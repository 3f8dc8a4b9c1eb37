"""Says what a server's states mean: what may be done, what happens by itself, whether somebody must act."""
