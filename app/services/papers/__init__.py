"""Official papers of a dossier: what they say, printing, printing again."""
