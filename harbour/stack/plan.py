"""What runs: the options of `harbour run` turned into the processes of the stack."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harbour.stack import Trouble, servers
from harbour.stack.folder import StateFolder
from harbour.stack.supervisor import Part

SERVICES = ("enrolment", "chat", "safeguard", "notify", "gateway")
_MOST_COPIES = 16
_KEYS = ("ENROLMENT_VAULT_KEY", "ENROLMENT_LOOKUP_KEY", "ENROLMENT_CONTACT_KEY", "ENROLMENT_BOOK_KEY")
"""Keys the services ask for; notify's `NOTIFY_CONTACT_KEY` is enrolment's contact key."""


@dataclass(frozen=True)
class Options:
    """How somebody wants the stack."""

    state: Path = Path("var")
    port: int = 8000
    services: tuple[str, ...] = SERVICES
    copies: Mapping[str, int] = field(default_factory=dict)
    fresh: bool = False
    demo: bool = True
    ready_file: Path | None = None

    @property
    def shows_demo(self) -> bool:
        """Whether a demo can be set out: it takes all the rooms that an evening goes through."""
        return self.demo and {"enrolment", "chat", "safeguard"} <= set(self.services)


def read_services(words: Iterable[str]) -> tuple[str, ...]:
    """`chat,gateway` as services, in the order of the house; all of them where nothing is said. Raises Trouble."""
    wanted = {name.strip() for word in words for name in word.split(",") if name.strip()}
    _check_names(wanted)
    return tuple(name for name in SERVICES if name in wanted) or SERVICES


def read_copies(words: Iterable[str]) -> dict[str, int]:
    """`safeguard=3,chat=2` as numbers. Raises Trouble where it does not read like that."""
    copies: dict[str, int] = {}
    for word in (part.strip() for text in words for part in text.split(",") if part.strip()):
        name, _, number = word.partition("=")
        _check_names({name})
        if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= _MOST_COPIES:
            raise Trouble(f"--copies {word}: say how many, from 1 to {_MOST_COPIES}, e.g. --copies {name}=3")
        copies[name] = int(number)
    return copies


def _check_names(names: set[str]) -> None:
    if strange := sorted(names - set(SERVICES)):
        raise Trouble(f"There is no service called {strange[0]!r}; there are {', '.join(SERVICES)}.")


@dataclass(frozen=True)
class Plan:
    """Every process of the stack, and where it listens."""

    servers: tuple[Part, ...]
    services: tuple[Part, ...]
    env: Mapping[str, str]
    """What each service is told, the same for all: where the servers are, where the keys lie."""
    ports: Mapping[str, int]
    url: str
    """The address for a browser; empty where no gateway runs."""


def draw_up(options: Options, state: StateFolder) -> Plan:
    """Find the servers, choose ports, make keys, and list what is to run. Raises Trouble where something is missing."""
    names = _copies(options)
    gates = [name for name in names if name.startswith("gateway-")]
    nats_program, redis_program = servers.find_nats(), servers.find_redis()
    ports = {gates[0]: servers.claim(options.port)} if gates else {}
    unplaced = ["nats", "redis", *(name for name in names if name not in ports)]
    ports |= dict(zip(unplaced, servers.free_ports(len(unplaced)), strict=True))
    url = f"http://{servers.HOST}:{options.port}" if gates else ""
    env = environment(state, ports["nats"], ports["redis"], url)
    return Plan(
        servers=(
            servers.nats_part(nats_program, state.path, ports["nats"]),
            servers.redis_part(redis_program, state.path, ports["redis"]),
        ),
        services=tuple(_service(name, state.path, ports[name], env) for name in names),
        env=env,
        ports=ports,
        url=url,
    )


def _copies(options: Options) -> list[str]:
    if strange := sorted(set(options.copies) - set(options.services)):
        raise Trouble(f"--copies names {strange[0]}, which --services leaves out.")
    return [f"{name}-{n + 1}" for name in options.services for n in range(options.copies.get(name, 1))]


def environment(state: StateFolder, nats: int, redis: int, url: str) -> dict[str, str]:
    """What the services are told. Secrets go by file, so that no list of processes shows them."""
    keys = {key: str(state.secret(key.lower().removesuffix("_key"))) for key in _KEYS}
    return {
        "NATS_URL": f"nats://{servers.HOST}:{nats}",
        "REDIS_URL": f"redis://{servers.HOST}:{redis}/0",
        **{
            f"{name.upper()}_DATABASE_URL": f"sqlite+aiosqlite:///{state / 'data' / f'{name}.db'}"
            for name in SERVICES
            if name != "gateway"
        },
        **{f"{key}_FILE": path for key, path in keys.items()},
        "NOTIFY_CONTACT_KEY_FILE": keys["ENROLMENT_CONTACT_KEY"],
        "NOTIFY_MAILBOX_DIR": str(state / "mailbox"),
        **({"GATEWAY_PUBLIC_URL": url, "NOTIFY_PUBLIC_URL": url} if url else {}),
    }


def _service(name: str, state: Path, port: int, env: Mapping[str, str]) -> Part:
    service = name.rpartition("-")[0]
    gate = service == "gateway"
    return Part(
        name=name,
        argv=(sys.executable, "-m", "harbour.cli", "serve", service, "--port", str(port)),
        env=env,
        log=state / "log" / f"{name}.log",
        ready=lambda: servers.service_is_ready(port),
        stage=2 if gate else 1,
        grace=2.0 if gate else 3.5,
    )
