"""Need to know, over HTTP: every address, method, role, relation and state against an oracle of its own."""
