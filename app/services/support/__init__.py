"""Help from outside: the diagnosis pack, in which no citizen is."""
