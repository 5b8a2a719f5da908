"""Commands of the repository: set-up, locks, data made from its sources, pictures, the demonstration."""
