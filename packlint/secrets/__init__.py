"""Templates → the secrets that are written in them, and the variables that are meant for secrets."""
