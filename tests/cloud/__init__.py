"""Asking a cloud: a served stand-in for one, which behaves as a test wants, and the real ones of tests/live."""
