"""One file a group of commands; each lists its own in COMMANDS, `ita/cli.py` puts them together."""
