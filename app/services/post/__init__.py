"""The public post: envelopes that arrive, parcels that go out, who holds the result."""
