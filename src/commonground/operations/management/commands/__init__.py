"""One module for each command of `commonground`."""
