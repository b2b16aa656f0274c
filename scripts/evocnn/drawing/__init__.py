"""Networks and people, drawn."""
