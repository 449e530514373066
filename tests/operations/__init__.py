"""The commands: what they do to the processes and to the machine they run on."""
