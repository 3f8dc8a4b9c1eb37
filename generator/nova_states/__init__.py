"""Introspects Nova's source and builds the reference of a server's states."""
