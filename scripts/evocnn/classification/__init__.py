"""Classes and accuracy: NumPy only."""
