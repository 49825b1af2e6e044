"""Configurations → what they share: links between sources, signatures of steps, lineages."""
