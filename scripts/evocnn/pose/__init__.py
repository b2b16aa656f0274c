"""Skeletons, heatmap codec and PCKh: NumPy only."""
