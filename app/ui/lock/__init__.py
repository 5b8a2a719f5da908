"""The full lock: the window around everything, and the page that is left when the store is closed."""
