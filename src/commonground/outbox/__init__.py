"""Messages waiting to go, with their state for each recipient."""
