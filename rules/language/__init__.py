"""Rules about what a file says and whether it can be read."""
