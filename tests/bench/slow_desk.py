"""Safeguard with a judge that takes its time: `python -m tests.bench.slow_desk SECONDS PORT`, for `desk_copies`."""

import sys
import time
from collections.abc import Sequence

from harbour.runtime.service import serve
from harbour.screening import Finding, judge
from services.safeguard import judging


def main(seconds: float, port: int) -> None:
    """Serve, with the judge delayed by so many seconds that use no processor, as a model on other cores would."""

    def slowly(text: str, earlier: Sequence[str] = ()) -> Finding | None:
        time.sleep(seconds)
        return judge(text, earlier)

    setattr(judging, "judge", slowly)  # noqa: B010 - what the room imports is not its own to export
    serve("safeguard", port)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
