"""Partnerships, agencies, posts and deputies; who is party to what; who may read, and who did."""
