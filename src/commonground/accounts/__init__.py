"""Who may sign in, and how: accounts, invitations, second factors. What they reach once in is people/access.py's."""
