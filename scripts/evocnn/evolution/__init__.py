"""Variation, breeding and selection: DEAP, no TensorFlow."""
