"""Taking in a dossier: the visit, its rules, what is stored and told."""
