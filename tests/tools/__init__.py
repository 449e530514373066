"""The tools: what they do when the machine lacks something."""
