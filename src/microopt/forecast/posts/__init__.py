"""What the past posts of creators say about the next one."""
