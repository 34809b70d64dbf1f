"""Starts a program so that it never outlives the one who started it, however that one ends.

On Linux the kernel keeps the promise: the program asks to be killed when its parent dies (`PR_SET_PDEATHSIG`) and
takes this process's place. Elsewhere this process stays beside the program and reads from a pipe that only the
parent holds: when the pipe closes, the parent is gone, and the program goes too.

Run by its path, as `python -I -S leash.py kernel|pipe PARENT_PID PROGRAM ARGUMENT…`, so that it starts in
milliseconds; it needs nothing but the standard library.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1
_SECONDS_TO_GO = 3.0
"""How long a program may take to end in its own way once its parent is gone."""


def command(argv: tuple[str, ...], *, by: str = "") -> tuple[str, ...]:
    """What to run so that `argv` ends with this process; `by` is `kernel` or `pipe`, else what this system has.

    With `pipe`, the standard input must be a pipe whose other end this process keeps.
    """
    return (sys.executable, "-I", "-S", __file__, by or way(), str(os.getpid()), *argv)


def way() -> str:
    """How a program is held on this system."""
    return "kernel" if sys.platform == "linux" else "pipe"


def hold_by_kernel(parent: int, argv: list[str]) -> None:
    """Become the program, to be killed by the kernel when the parent dies."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)
    os.execvp(argv[0], argv)  # noqa: S606 - the whole point; no shell is wanted


def hold_by_pipe(argv: list[str]) -> None:
    """Stay beside the program until it ends, and end it when the pipe from the parent closes."""
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: None)  # the group is told; the program decides, and we leave after it
    program = subprocess.Popen(argv, stdin=subprocess.DEVNULL)  # noqa: S603 - what the parent asked for
    threading.Thread(target=_end_with_parent, args=(program,), daemon=True).start()
    code = program.wait()
    sys.exit(code if code >= 0 else 128 - code)


def _end_with_parent(program: "subprocess.Popen[bytes]") -> None:
    while os.read(0, 1024):
        pass
    program.terminate()
    try:
        program.wait(_SECONDS_TO_GO)
    except subprocess.TimeoutExpired:
        program.kill()


def main() -> None:
    """Hold the program named on the command line."""
    by, parent, *argv = sys.argv[1:]
    try:
        hold_by_kernel(int(parent), argv) if by == "kernel" else hold_by_pipe(argv)
    except OSError as error:
        sys.exit(f"{argv[0]} could not be started: {error.strerror}")


if __name__ == "__main__":
    main()
