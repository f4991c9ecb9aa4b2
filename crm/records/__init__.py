"""What every record has, and the only ways to change one."""
