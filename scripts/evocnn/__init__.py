"""Evolve convolutional networks as a Snakemake workflow: the library behind the rules; it never imports Snakemake."""
