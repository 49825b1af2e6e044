"""A plan → the jobs of an engine for continuous integration that has machines enough."""
