"""Rules about builders and what they are configured with."""
