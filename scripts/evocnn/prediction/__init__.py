"""Trained networks on people's own pictures, videos and cameras."""

import evocnn.network  # noqa: F401 - it imports TensorFlow, before Keras
