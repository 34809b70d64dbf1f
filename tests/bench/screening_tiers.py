"""What each tier of the screening costs in processor time: `python -m tests.bench.screening_tiers FILE [MESSAGES]`.

FILE has a JSON object with a `text` on each line. Printed are milliseconds of processor time for a message, median and
95th of a hundred, so that a busy machine does not blur them.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from harbour.screening import judge, judge_by_rules, look_at_door, meaning, warm, words_tier


def milliseconds(texts: Sequence[str], do: Callable[[str], object]) -> tuple[float, float]:
    """Median and 95th of a hundred, over all threads of this process."""
    took = []
    for text in texts:
        began = time.process_time()
        do(text)
        took.append((time.process_time() - began) * 1000)
    return statistics.median(took), statistics.quantiles(took, n=100)[94]


def main() -> None:
    """Print a line for each tier, and one for all together."""
    say = Console(highlight=False).print
    lines = Path(sys.argv[1]).read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines][: int(sys.argv[2]) if len(sys.argv) > 2 else 1_000]
    began = time.process_time()
    there = warm()
    took = (time.process_time() - began) * 1000
    say(f"{'loading':>12}: {took:.0f} ms, {'with' if there else 'without'} the meaning model")
    encoder = meaning.encoder()
    ways: dict[str, Callable[[str], object]] = {"at the door": look_at_door, "rules": judge_by_rules}
    ways |= {"words": words_tier.read} | ({"meaning": lambda text: encoder.read([text])} if encoder else {})
    for name, do in (ways | {"in depth": judge}).items():
        median, most = milliseconds(texts, do)
        say(f"{name:>12}: median {median:6.3f} ms, p95 {most:6.3f} ms")


if __name__ == "__main__":
    main()
