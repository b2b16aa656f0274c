"""Benchmarks: each prints and keeps what it has measured in docs/benchmarks.md."""
