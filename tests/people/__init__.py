"""Who holds which post, who answers for it today, and what posts are for."""
