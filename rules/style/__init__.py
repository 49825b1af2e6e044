"""Rules about how a template is written, not about what it does."""
