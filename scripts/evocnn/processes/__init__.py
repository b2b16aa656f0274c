"""Processes of a training job: supervision, child, guard, locks, devices, log. No TensorFlow."""
