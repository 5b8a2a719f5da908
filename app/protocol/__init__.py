"""The wire between desk and province: shapes, canonical JSON, digest and chain. No input or output."""
