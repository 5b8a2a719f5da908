"""The hunt over bad lines: several desks, one gateway, every fault the line knows, by seed."""
