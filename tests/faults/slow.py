"""`harbour` with a meaning tier that takes its time and then has nothing to say, on purpose."""

import time
from collections.abc import Sequence

from harbour.cli import app
from harbour.screening import meaning

SECONDS = 0.5
"""For one message; far more than everything else that is done about it."""


class Slow:
    """Stands where the encoder stands."""

    def read(self, texts: Sequence[str]) -> None:
        """Nothing, after a while."""
        time.sleep(SECONDS * len(texts))


if __name__ == "__main__":
    meaning.encoder = Slow  # type: ignore[assignment]
    app()
