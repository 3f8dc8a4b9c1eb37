"""Reads whatever people hold in their hands: interpreters of one grammar, which the page's script reads as well."""
