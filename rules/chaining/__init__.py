"""Rules about how builds follow each other and share a machine."""
