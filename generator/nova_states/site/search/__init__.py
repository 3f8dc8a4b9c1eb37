"""The search index: what can be found, the words that find it, and the checks on those words."""
