"""The wire (protocol v1): message shapes, canonical JSON, digests and chain. No input or output."""
