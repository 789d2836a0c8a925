"""Figures as ratios, measured in one run on one machine: against a floor, and against peers."""
