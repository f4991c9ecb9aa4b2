"""How columns and values of files are understood."""
