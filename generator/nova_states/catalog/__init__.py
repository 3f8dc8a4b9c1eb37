"""All versions joined: what holds where, since when, and what changed between two of them."""
