"""Benchmarks: each writes a page of docs/benchmarks."""
