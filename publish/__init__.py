"""Blue/green: a candidate is built in a schema of its own, audited, and shown by giving the name
`mart` to views of it in one transaction."""
