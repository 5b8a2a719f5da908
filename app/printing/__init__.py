"""Official papers: data in, PDF bytes out."""
