"""The rules, in plain Python: no framework, no clock, no files, no chance. Imports nothing else of ours."""
