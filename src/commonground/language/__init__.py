"""Procedures as written in YAML, to the core and back: reader, checkers, charts, BPMN."""
