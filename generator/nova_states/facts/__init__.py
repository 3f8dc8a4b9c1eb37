"""The border between Nova and us: what a fact is, how it is named, and the committed facts themselves."""
