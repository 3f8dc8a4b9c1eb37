"""Documents for others' projects, made of the facts: nothing here knows our site."""
