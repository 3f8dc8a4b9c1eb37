"""Decides a function of Nova for every combination of states at once.

A function is followed with a set of combinations (`StateSet`) in hand. A test on a state splits the set, any other
test is kept as an assumption with its text, and what a path does to the server is noted as events; in the end the
paths are turned back into a table (`rows`).
"""
