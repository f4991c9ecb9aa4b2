"""Many records changed at once: looked at first, done as a job when they are many, taken back as one."""
