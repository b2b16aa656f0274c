"""From network to Keras model: building, training, evaluation, export."""
