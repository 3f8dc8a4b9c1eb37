"""Introspects Nova's source and builds the reference of a server's states."""

__version__ = "0.1.0"
