"""The command line: a thin leaf on the services, without a window."""
