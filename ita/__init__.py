"""The console script `ita`."""
