"""Reads the facts of server states out of a Nova source tree. Knows Nova; knows nothing of pages."""
