"""Signing in, second factors, one's own account. The library (django-allauth) does the work; `ours.py` says how."""
