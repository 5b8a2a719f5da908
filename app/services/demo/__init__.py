"""A demo desk filled with believable dossiers."""
