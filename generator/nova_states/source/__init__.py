"""Where Nova's source comes from: a folder, a git tag or a wheel. Only this package touches git or the network."""
