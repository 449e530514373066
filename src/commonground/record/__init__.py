"""The acts of every disagreement, append-only, with their words held apart and one standing row each."""
