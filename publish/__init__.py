"""Blue/green: a candidate is built in a schema of its own, audited, and shown by flipping the views of `mart` in one transaction."""
