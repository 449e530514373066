"""Frozen page objects: everything a template shows, already worded. A template gets exactly one."""
