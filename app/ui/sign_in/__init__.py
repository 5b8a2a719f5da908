"""Sign-in, idle lock, and the page shown when the desk cannot be opened."""
