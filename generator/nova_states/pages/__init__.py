"""Page models: what each page says, in one language, before it looks like anything."""
