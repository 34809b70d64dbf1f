"""`python -m harbour.screening` judges rows in order, and says what is wrong with a bad one."""

import json
import subprocess
import sys

import pytest

from harbour.contracts.concerns import Category
from harbour.screening.__main__ import run


def judged(rows: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "harbour.screening"], input=rows, capture_output=True, timeout=60)


def test_rows_are_judged_in_order() -> None:
    rows = [
        {"id": "b", "text": "hi"},
        {"id": "a", "text": "i want to die"},
        {"id": 3, "text": "3 weeks clean now, honest"},
    ]
    done = judged("\n".join(map(json.dumps, rows)).encode() + b"\n\n")
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [(row["id"], row["severity"]) for row in out[:2]] == [("b", "none"), ("a", "high")]
    assert (out[2]["id"], out[2]["severity"] in ("low", "medium")) == (3, True)
    assert out[0]["categories"] == out[0]["why"] == []
    assert all(list(row["scores"]) == [category.value for category in Category] for row in out)
    assert all(0 <= score <= 1 for row in out for score in row["scores"].values())
    assert out[1]["scores"]["suicide_risk"] > 0.7 > out[0]["scores"]["suicide_risk"]
    assert out[1]["categories"] == ["suicide_risk"]
    assert all(row["version"] for row in out)


def test_many_rows_come_out_in_the_order_they_came_in() -> None:
    rows = [{"id": number, "text": f"{'i want to die ' * (number % 3)}tea at {number}"} for number in range(150)]
    out = [json.loads(line) for line in judged("\n".join(map(json.dumps, rows)).encode()).stdout.splitlines()]
    assert [row["id"] for row in out] == list(range(150))
    assert all((row["severity"] != "none") == (row["id"] % 3 > 0) for row in out)


@pytest.mark.parametrize(
    "bad",
    [b"not json", b"[1]", b'{"id": "1"}', b'{"text": "hi"}', b'{"id": "1", "text": 5}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_bad_row_is_named_and_nothing_is_traced(bad: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([b'{"id": "1", "text": "hi"}\n', bad + b"\n"]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("line 2: ")
    assert printed.err.count("\n") == 1
    assert len(printed.out.splitlines()) == 1


def test_the_command_ends_with_what_was_wrong() -> None:
    done = judged(b'{"id": "1", "text": "hi"}\nnot json\n')
    assert (done.returncode, len(done.stdout.splitlines())) == (2, 1)
    assert done.stderr.startswith(b"line 2: this is not JSON")
    assert b"Traceback" not in done.stderr


def test_a_lone_surrogate_is_judged() -> None:
    done = judged(b'{"id": "1", "text": "\\ud800 i want to die"}')
    assert done.returncode == 0
    assert json.loads(done.stdout)["severity"] == "high"
