"""Scores of predictions in files of any origin."""
