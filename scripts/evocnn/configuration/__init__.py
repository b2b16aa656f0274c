"""The configuration: its typed model, what is checked before any job runs, and the files generated from the model."""
