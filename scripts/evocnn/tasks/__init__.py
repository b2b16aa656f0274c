"""Tasks: what networks are to predict, how that is scored, and what it is held against. No TensorFlow."""
