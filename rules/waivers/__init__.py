"""Rules about the waivers that excuse findings of other rules."""
