"""Files that are sent with acts: what they are, what is hidden in them, a virus scan, and where their bytes lie.

Beside the record and not in it: an act holds what is known of a file as words (core/attached.py), and a record stays
small enough to be read whole. Nothing here knows who may see a file; that is asked like for any other words, by the
use cases above (usecases/attaching.py).
"""
