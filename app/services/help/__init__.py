"""Helping a citizen to an account of their own: the case, its card, the consent."""
