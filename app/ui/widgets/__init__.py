"""The component set every screen is made of (design tokens and parts)."""
