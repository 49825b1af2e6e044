"""Configurations → what packlint sees in them: for people, for tools, and where one value comes from."""
