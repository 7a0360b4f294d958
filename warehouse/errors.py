"""The errors that a user sees on one line: what was wrong, where, what to do.

The exit code is the command's.
"""


class ItaError(Exception):
    """Base: `what` was wrong (with its place), what to `do`."""

    exit_code = 1

    def __init__(self, what: str, do: str = "") -> None:
        super().__init__(what)
        self.what, self.do = what, do

    def __str__(self) -> str:
        return f"{self.what} — {self.do}" if self.do else self.what


class Fault(ItaError):
    """A fault of the system."""

    exit_code = 1


class BadInput(ItaError):
    """Input that cannot be taken, or data that stopped a publication."""

    exit_code = 2


class NotAllowed(ItaError):
    """Something that this role may not do."""

    exit_code = 3
