"""What `make check` looks at and no library does."""
