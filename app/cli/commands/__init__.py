"""One module per kind of command; each adds its own parsers and turns a service's answer into words."""
