"""Administration: looking after the directory of an agency, a partnership, or the service.

Each view finds the charge that lets its person do this (people/administering.py). Where none does, the page is not
there, in the same words as for an address that nobody has.
"""
