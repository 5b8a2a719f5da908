"""The register (form 07) as a book."""
