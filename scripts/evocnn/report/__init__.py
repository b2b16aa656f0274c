"""Tables, plots and drawings of a run."""
