"""Judges rows of JSON: `python -m harbour.screening < in.jsonl > out.jsonl`, for tuning and for measuring."""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice

from harbour.screening import Judgement, judge_all

_WRONG_INPUT = 2
_TOGETHER = 64
"""Rows that are judged together; what is judged so far is written after each lot."""

Row = tuple[str | int, str]
"""The id and the text."""


class BadRow(ValueError):
    """A row cannot be judged; the message says what would help."""


def row_in(line: bytes) -> Row:
    """One row as it was given; raises BadRow."""
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
    return row["id"], row["text"]


def row_out(row: Row, judged: Judgement) -> dict[str, object]:
    """The judgement of one row, as it is written."""
    finding = judged.finding
    return {
        "id": row[0],
        "severity": finding.urgency.value if finding else "none",
        "categories": [category.value for category in finding.categories] if finding else [],
        "scores": {category.value: round(score, 4) for category, score in judged.scores.items()},
        "why": [reason.why for reason in finding.reasons] if finding else [],
        "version": judged.version,
    }


def run(lines: Iterable[bytes]) -> int:
    """Write a judgement for every row, in order; the exit code says whether all could be read."""
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    while lot := list(islice(numbered, _TOGETHER)):
        rows: list[Row] = []
        wrong = ""
        for number, line in lot:
            try:
                rows.append(row_in(line.removeprefix(b"\xef\xbb\xbf")))
            except BadRow as error:
                wrong = f"line {number}: {error}\n"
                break
        sys.stdout.writelines(_written(rows))
        if wrong:
            sys.stderr.write(wrong)
            return _WRONG_INPUT
    return 0


def _written(rows: list[Row]) -> Iterator[str]:
    for row, judged in zip(rows, judge_all([text for _, text in rows]), strict=True):
        yield json.dumps(row_out(row, judged)) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(run(sys.stdin.buffer))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
