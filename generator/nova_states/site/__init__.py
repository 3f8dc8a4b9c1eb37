"""What touches MkDocs: assembling its folder, two languages in one build, search by language."""
