"""Weights that a child starts from: aligned layers, transferred arrays, their files."""
