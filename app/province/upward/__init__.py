"""The gateway as a client of the gateway above it: commune to province, province to region, one mechanism."""
