"""Rules about the policies of an organisation."""
