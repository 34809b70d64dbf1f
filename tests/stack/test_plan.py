"""Options become processes: which services, how many of each, told what."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harbour.stack import Trouble
from harbour.stack.folder import StateFolder
from harbour.stack.plan import SERVICES, Options, draw_up, read_copies, read_services
from harbour.stack.servers import free_ports


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateFolder]:
    """An open state folder."""
    with StateFolder(tmp_path / "var") as folder:
        yield folder


def test_copies_and_services_are_read_as_people_write_them() -> None:
    assert read_copies(["safeguard=3, chat=2", "gateway=1"]) == {"safeguard": 3, "chat": 2, "gateway": 1}
    assert read_services(["gateway,chat"]) == ("chat", "gateway")
    assert read_services([]) == SERVICES


@pytest.mark.parametrize("word", ["safeguard", "safeguard=", "safeguard=0", "safeguard=-1", "safeguard=99", "chat=x"])
def test_a_number_of_copies_that_makes_no_sense_is_refused_with_an_example(word: str) -> None:
    with pytest.raises(Trouble, match=r"say how many, from 1 to 16, e\.g\."):
        read_copies([word])


def test_a_service_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(Trouble, match="no service called 'chta'; there are enrolment, chat"):
        read_services(["chta"])
    with pytest.raises(Trouble, match="no service called 'x'"):
        read_copies(["x=2"])


def test_each_copy_is_a_process_with_a_port_and_a_log_of_its_own(state: StateFolder) -> None:
    (port,) = free_ports(1)
    plan = draw_up(Options(port=port, copies={"safeguard": 3, "gateway": 2}), state)
    names = [part.name for part in plan.services]
    assert names == [
        "enrolment-1", "chat-1", "safeguard-1", "safeguard-2", "safeguard-3", "notify-1", "gateway-1", "gateway-2",
    ]  # fmt: skip
    assert plan.ports["gateway-1"] == port
    assert len(set(plan.ports.values())) == len(names) + 2
    assert len({part.log for part in plan.services}) == len(names)
    assert plan.url == f"http://127.0.0.1:{port}"


def test_the_door_stops_before_the_rooms_and_the_rooms_before_the_servers(state: StateFolder) -> None:
    (port,) = free_ports(1)
    plan = draw_up(Options(port=port), state)
    stages = {part.name.partition("-")[0]: part.stage for part in (*plan.servers, *plan.services)}
    assert stages == {"nats": 0, "redis": 0, "enrolment": 1, "chat": 1, "safeguard": 1, "notify": 1, "gateway": 2}
    graces = {stage: max(p.grace for p in (*plan.servers, *plan.services) if p.stage == stage) for stage in range(3)}
    assert sum(graces.values()) < 9


def test_a_part_of_the_house_needs_no_port_for_the_door_and_shows_no_demo(state: StateFolder) -> None:
    options = Options(services=("chat",))
    plan = draw_up(options, state)
    assert [part.name for part in plan.services] == ["chat-1"]
    assert plan.url == ""
    assert not options.shows_demo


def test_copies_of_a_service_that_is_left_out_are_refused(state: StateFolder) -> None:
    with pytest.raises(Trouble, match="--copies names notify, which --services leaves out"):
        draw_up(Options(services=("chat",), copies={"notify": 2}), state)


def test_no_secret_is_in_the_environment_only_the_names_of_files(state: StateFolder) -> None:
    plan = draw_up(Options(services=("chat",)), state)
    keys = {file.read_text() for file in (state / "secrets").iterdir()}
    assert len(keys) == 4
    assert not keys & set(plan.env.values())
    assert plan.env["NOTIFY_CONTACT_KEY_FILE"] == plan.env["ENROLMENT_CONTACT_KEY_FILE"]
