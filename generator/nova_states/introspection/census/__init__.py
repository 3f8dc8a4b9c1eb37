"""The census: what of Nova's source mentions states, counted apart from what reads it."""
