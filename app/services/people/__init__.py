"""Officers: signing in, roles, leave, a leader's word and signature."""
