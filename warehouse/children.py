"""What processes that a command starts have in common."""

import ctypes
import signal

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """In a child process: be killed when the thread that started it ends, also by kill -9.

    What runs next does not meet it (Linux).
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
