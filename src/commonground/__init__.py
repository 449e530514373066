"""Commonground runs a safeguarding partnership's published procedure for professional disagreement about a child."""
