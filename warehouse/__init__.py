"""The ground that all stages stand on: paths, the PostgreSQL warehouse, its schemas and roles."""
