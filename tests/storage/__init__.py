"""What is stored: written once, read back the same, and never changed unseen. On SQLite and on PostgreSQL."""
