"""Rules about how blocks refer to each other."""
