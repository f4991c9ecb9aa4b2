"""Long work: progress, log, cancel, result, with a lease that survives a killed worker."""
