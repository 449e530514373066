"""The tests of Commonground: tests/story.py builds states through real commands, never by hand."""
