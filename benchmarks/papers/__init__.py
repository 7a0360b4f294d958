"""Published documents of our own making, for the benchmark of extraction."""
