"""What genomes may express, the networks they decode to, and what those cost: no TensorFlow."""
