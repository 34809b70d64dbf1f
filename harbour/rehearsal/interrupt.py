"""Ctrl-C: once, and nothing new begins; twice, and it is over at once."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Interrupt:
    """What pressing Ctrl-C means now: `gently` is called once, if there is something to bring to an end."""

    def __init__(self) -> None:
        self.gently: Callable[[], None] | None = None
        self.is_over = False
        """Whether everything was stopped at once."""
        self._main = asyncio.current_task()

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear Ctrl-C while the block runs."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._press)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)

    def _press(self) -> None:
        gently, self.gently = self.gently, None
        if gently is not None:
            gently()
        elif self._main is not None and not self.is_over:  # a third time would keep the stack from being stopped
            self.is_over = True
            self._main.cancel()
