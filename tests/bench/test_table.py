"""What the table says is what the samples hold."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

from harbour.rehearsal import bench_page, bench_plot, bench_table
from harbour.rehearsal.bench_run import Options, Outcome, Pass
from harbour.rehearsal.bench_table import Idle, Sample

CPU = {"gateway-1": 1.0, "gateway-2": 1.0, "chat-1": 2.0, "nats": 0.5, "redis": 0.5, "safeguard-1": 5.0}
SAMPLE = Sample(
    asked=100, seconds=10, elapsed=10.01, said=1000, complete=1000, deliveries=10_000,
    latencies_ms=[float(n) for n in range(1, 1001)], cpu={**CPU, "load generator": 4.0}, late_ms=0.4,
    machine=18.0, missing=0, doubled=0, uneven=0, refused=0, closed=0,
)  # fmt: skip


def test_a_line_is_the_median_of_its_runs() -> None:
    slow = replace(SAMPLE, latencies_ms=[3000.0], deliveries=5_000)
    fast = replace(SAMPLE, latencies_ms=[1.0], deliveries=20_000)
    [line] = bench_table.lines([slow, SAMPLE, fast])
    assert (line.asked, line.runs, line.rate) == (100, 3, 100)
    assert (line.p50, line.p99) == (500, 990)
    assert line.deliveries == pytest.approx(10_000 / 10.01)
    assert line.cpu == pytest.approx(1.0)


def test_processor_time_is_of_all_servers_and_never_of_the_load_generator() -> None:
    [line] = bench_table.lines([SAMPLE])
    assert line.cpu == pytest.approx(1.0)
    assert line.cpu_live == pytest.approx(0.5)
    assert line.parts == {"chat": 0.2, "gateway": 0.2, "nats": 0.05, "redis": 0.05, "safeguard": 0.5}
    assert line.own == pytest.approx(0.4)


def test_what_others_used_meanwhile_is_told() -> None:
    [line] = bench_table.lines([SAMPLE])
    assert line.others == pytest.approx(4 / 10.01)
    [alone] = bench_table.lines([replace(SAMPLE, machine=13.9)])
    assert alone.others == 0


def test_lines_stand_in_the_order_they_were_measured() -> None:
    found = bench_table.lines([SAMPLE, replace(SAMPLE, asked=None), replace(SAMPLE, asked=50), SAMPLE])
    assert [(line.asked, line.runs) for line in found] == [(100, 2), (None, 1), (50, 1)]


@pytest.mark.parametrize("fault", ["missing", "doubled", "uneven", "refused", "closed"])
def test_a_fault_of_one_run_is_in_no_median_hidden(fault: str) -> None:
    faulty: Any = {fault: 3}
    [line] = bench_table.lines([SAMPLE, replace(SAMPLE, **faulty), SAMPLE])
    assert line.faults == 3
    assert not Outcome((Pass("live", (line,), None),), 0.0).is_sound


def test_a_rate_that_was_not_held_is_marked() -> None:
    late = replace(SAMPLE, elapsed=20.05)
    [held], [not_held] = bench_table.lines([SAMPLE]), bench_table.lines([late])
    assert held.kept_up
    assert not not_held.kept_up
    assert bench_table.cells(held)[:2] == ("100", "100")
    assert bench_table.cells(not_held)[:2] == ("100", "50 !")


def test_as_many_as_possible_counts_what_arrived_while_it_was_measured() -> None:
    [line] = bench_table.lines([replace(SAMPLE, asked=None, said=4100, complete=4000, elapsed=10.2)])
    assert line.rate == 400
    assert bench_table.cells(line)[0] == "max"


def test_idle_people_cost_what_the_gateway_grew_by() -> None:
    assert Idle(1000, 100, 100.0, 150.0, 0.1).kb_each == pytest.approx(51.2)


def test_a_narrow_terminal_still_shows_every_number_whole() -> None:
    line = replace(SAMPLE, latencies_ms=[12_345.0], deliveries=20_000, behind=54_321)
    console = Console(width=80, file=StringIO())
    console.print(bench_table.shown(bench_table.lines([line]), "narrow"))
    words = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(cell in words for cell in bench_table.cells(*bench_table.lines([line])))


def test_the_picture_is_an_svg_that_shows_every_rate() -> None:
    found = bench_table.lines([SAMPLE, replace(SAMPLE, asked=None)])
    drawn = ElementTree.fromstring(bench_plot.picture(found, "A & B"))
    words = {element.text for element in drawn.iter() if element.text}
    assert {"100/s", "max", "p50", "p99", "chat", "gateway", "safeguard", "A & B"} <= words


def test_the_page_tells_what_on_what_and_how_again(tmp_path: Path) -> None:
    found = tuple(bench_table.lines([SAMPLE, replace(SAMPLE, asked=None)]))
    options = Options(rooms=7, members=3, rates=(100, None), seconds=10, runs=1, idle=40)
    whole = Pass("whole", found, None)
    outcome = Outcome((Pass("live", found, Idle(40, 14, 100.0, 110.0, 0.1)), whole), 0.5)
    bench_page.write(tmp_path, options, outcome)
    page = (tmp_path / "bench.md").read_text()
    assert (tmp_path / "pictures" / "bench.svg").read_text().startswith("<svg")
    assert "| 100 | 100 | 999 | 500 | 990 | 1.000 | 0.500 | 0 | 0 | 0 | 0.4 |" in page
    assert "7 rooms of 3 sockets" in page
    assert "40 idle sockets in 14 rooms" in page
    assert 'make bench ARGS="--rooms 7 --members 3 --rates 100,max --seconds 10 --runs 1 --idle 40' in page
    assert "| nats-server | 2." in page
    assert str(tmp_path) not in page
