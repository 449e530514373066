"""Settings from the environment, and nothing else."""
