"""Rules about what becomes of the artifact."""
