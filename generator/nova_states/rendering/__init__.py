"""How page models become text: the only package that knows Jinja."""
