"""What the service can do. The only callers of decide and of the record."""
