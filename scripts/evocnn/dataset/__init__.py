"""From annotations and images to a people table, TFRecord shards, and batches."""
