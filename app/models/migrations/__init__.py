"""Steps of the desk's schema, oldest first. Each is one transaction on a connection of its own."""
