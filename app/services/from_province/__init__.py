"""What the province says of the desk's dossiers, and the officer's word on it."""
