"""Events to the province and changes back, exactly once."""
