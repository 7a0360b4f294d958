"""Blue/green: a candidate is built in the idle schema, audited, and shown by flipping the views of `mart` in one transaction."""
