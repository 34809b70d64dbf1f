"""Judges rows of JSON: `python -m harbour.screening < in.jsonl > out.jsonl`, for tuning the rules."""

import json
import sys
from collections.abc import Iterable

from harbour.screening import VERSION, judge

_WRONG_INPUT = 2


class BadRow(ValueError):
    """A row cannot be judged; the message says what would help."""


def row_out(line: bytes) -> dict[str, object]:
    """The judgement of one row; raises BadRow."""
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRow("this is not UTF-8: save the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise BadRow('this is not JSON: write one object a line, such as {"id": "1", "text": "hello"}') from None
    if not isinstance(row, dict):
        raise BadRow('this is not an object: write {"id": …, "text": …}')
    if not isinstance(row.get("text"), str):
        raise BadRow('there is no "text" that is a string: add one')
    if not isinstance(row.get("id"), (str, int)) or isinstance(row.get("id"), bool):
        raise BadRow('there is no "id" that is a string or a whole number: add one')
    finding = judge(row["text"])
    return {
        "id": row["id"],
        "severity": finding.urgency.value if finding else "none",
        "categories": [category.value for category in finding.categories] if finding else [],
        "why": [reason.why for reason in finding.reasons] if finding else [],
        "version": VERSION,
    }


def run(lines: Iterable[bytes]) -> int:
    """Write a judgement for every row, in order; the exit code says whether all could be read."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            sys.stdout.write(json.dumps(row_out(line.removeprefix(b"\xef\xbb\xbf"))) + "\n")
        except BadRow as error:
            sys.stderr.write(f"line {number}: {error}\n")
            return _WRONG_INPUT
    return 0


if __name__ == "__main__":
    try:
        sys.exit(run(sys.stdin.buffer))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
