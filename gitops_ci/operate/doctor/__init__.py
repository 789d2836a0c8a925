"""Diagnoses: pure functions from facts about a repository and its forge to one line each."""
