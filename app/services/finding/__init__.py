"""Finding dossiers: the grid, search, one dossier whole."""
