"""Thin management commands, the worker loop and the demonstration."""
