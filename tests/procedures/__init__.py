"""Procedures as data: the invented ones, and the scenarios of them all."""
