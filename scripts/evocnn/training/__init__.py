"""What one training is: settings, job, outcome, progress, cache of results, memory request. No TensorFlow."""
