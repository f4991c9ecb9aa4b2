"""Who sees and changes which rows and fields. The only room that imports guardian."""
