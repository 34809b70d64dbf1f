"""Writes the contracts from the code that speaks them: AsyncAPI, OpenAPI, the page of events, the list of settings."""

import importlib
import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.json_schema import models_json_schema

import harbour.contracts.book
import harbour.contracts.cases
import harbour.contracts.closing
import harbour.contracts.desk
import harbour.contracts.envelope
import harbour.contracts.follow_ups
import harbour.contracts.links
import harbour.contracts.record
import harbour.contracts.reminders
import harbour.contracts.reports
import harbour.contracts.rota
import harbour.contracts.rule_bench
import harbour.contracts.status
import harbour.contracts.wellbeing
import harbour.contracts.worries  # noqa: F401  # enrolment and safeguard say more than one module holds
from harbour.contracts import chat, enrolment, notify, safeguard
from harbour.contracts.messages import EVENTS, WISHES
from harbour.doors import ROOMS, routers
from harbour.runtime.settings import BusSettings, RunSettings, Settings

OWNERS = tuple(module.__name__.rsplit(".", 1)[1] for module in (chat, enrolment, notify, safeguard))
REF = "#/components/schemas/{model}"


def asyncapi() -> dict[str, Any]:
    """Every event, timer and wish: its subject, its schema, and the service that owns it; and every frame of the live
    socket, with an example, and of the side door."""
    frames = importlib.import_module("services.gateway.frames")
    ways = {"send": frames.FROM_SERVER, "receive": frames.FROM_BROWSER}
    kinds: dict[str, type[BaseModel]] = {**EVENTS, **WISHES}
    wanted = list(kinds.values()) + [wish.answer for wish in WISHES.values()] + [f for fs in ways.values() for f in fs]
    names, schemas = models_json_schema([(kind, "serialization") for kind in wanted], ref_template=REF)
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for name, event in sorted(EVENTS.items()):
        message = {event.__name__: {"name": name, "payload": names[event, "serialization"]}}
        channels[name] = {"address": event.pattern(), "messages": message, "x-stream": event.stream()}
        operations[f"say-{name}"] = {"action": "send", "channel": _channel(name), "x-owner": event.owner()}
    for name, wish in sorted(WISHES.items()):
        message = {wish.__name__: {"name": name, "payload": names[wish, "serialization"]}}
        answer = {wish.answer.__name__: {"payload": names[wish.answer, "serialization"]}}
        channels[name] = {"address": wish.subject(), "messages": message}
        channels[f"{name}-answer"] = {"address": None, "messages": answer}
        reply = {"channel": _channel(f"{name}-answer")}
        operations[f"answer-{name}"] = {
            "action": "receive", "channel": _channel(name), "reply": reply, "x-owner": wish.owner(),
        }  # fmt: skip
    for action, kinds_of_frame in ways.items():
        channel = f"live-{action}"
        messages = {frame.__name__: _frame(frame, names[frame, "serialization"]) for frame in kinds_of_frame}
        channels[channel] = {"address": "/live/{place}", "parameters": {"place": PLACE}, "messages": messages}
        operations[channel] = {"action": action, "channel": _channel(channel), "x-owner": "gateway"}
    side_channels, side_operations = _side_door(ways)
    channels |= side_channels
    operations |= side_operations
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Harbour: the bus and the live socket", "version": "1"},
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas.get("$defs", {})},
    }


ANSWER = {"frames": {"type": "array"}, "close": {"type": ["integer", "null"]}}
CODE = {"type": "integer", "examples": [4401]}
PLACE = {"description": "A session's id, or `queue` for the safeguarding queue."}


LINE = {"description": "A name the page makes up anew for each stream; a POST with it keeps that stream open."}
AFTER = {"description": "The number of the last message before which this page misses nothing; 0 for all there is."}
EVENTS_SHOWN = """\
data: {"type":"message","number":41,…}

event: close
data: 4401
"""
SAID_SHOWN = """\
{"type":"say","client_id":"c-1","text":"hi all"}
{"type":"seen","first":38,"upto":41}
"""


def _side_door(ways: Mapping[str, Sequence[type[BaseModel]]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same frames where no WebSocket gets through: server-sent events, and POST with an answer of its own."""
    answered = importlib.import_module("services.gateway.side_door").Answered
    same = {
        action: {
            kind.__name__: {"$ref": f"#/channels/live-{action}/messages/{kind.__name__}"} for kind in kinds_of_frame
        }
        for action, kinds_of_frame in ways.items()
    }
    close = {"name": "close", "summary": "The last event: the code a socket would be closed with.", "payload": CODE}
    answer = {
        "name": "answer",
        "summary": " ".join((answered.__doc__ or "").split()),
        "payload": {"type": "object", "required": ["frames", "close"], "properties": ANSWER},
        "examples": [{"payload": answered.example}],
    }
    channels = {
        "live-events": {
            "address": "/live/{place}/events?after={after}&line={line}",
            "description": f"GET, as text/event-stream: each frame is the data of one event.\n\n{EVENTS_SHOWN}",
            "parameters": {"place": PLACE, "after": AFTER, "line": LINE},
            "messages": {**same["send"], "Close": close},
        },
        "live-say": {
            "address": "/live/{place}/say?line={line}",
            "description": f"POST, from a page of the same origin: a frame, or several on a line each.\n\n{SAID_SHOWN}",
            "parameters": {"place": PLACE, "line": LINE},
            "messages": same["receive"],
        },
        "live-say-answer": {"address": None, "messages": {"Answered": answer}},
    }
    operations = {
        "live-events": {"action": "send", "channel": _channel("live-events"), "x-owner": "gateway"},
        "live-say": {
            "action": "receive", "channel": _channel("live-say"), "reply": {"channel": _channel("live-say-answer")},
            "x-owner": "gateway",
        },
    }  # fmt: skip
    return channels, operations


def _frame(frame: type[BaseModel], payload: Any) -> dict[str, Any]:
    example = vars(frame)["example"]
    return {
        "name": example["type"],
        "summary": " ".join((frame.__doc__ or "").split()),
        "payload": payload,
        "examples": [{"payload": example}],
    }


def openapi() -> dict[str, Any]:
    """Every page and form of the gateway."""
    app = importlib.import_module("services.gateway.app")
    settings = importlib.import_module("services.gateway.settings").GatewaySettings.model_construct()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate Operation ID")  # one function for two methods; named below
        pages: dict[str, Any] = app.create_app(settings=settings).openapi()
    for path, methods in pages["paths"].items():
        for method, operation in methods.items():
            operation["operationId"] = f"{method} {path}"
    return pages


def events() -> str:
    """Who says and who hears each event, and who answers each wish, as a page."""
    doors = routers()
    lines = ["# Events and wishes", "", "Written by `make docs` from the code.", "", "## Events", ""]
    lines += ["| event | subject | stream | heard by | what it says |", "|---|---|---|---|---|"]
    for _, event in sorted(EVENTS.items()):
        heard = [f"`{one.durable}`" for door in doors.values() for one in door.hearings if event in one.events]
        lines.append(
            f"| {event.__name__} | `{event.pattern()}` | `{event.stream()}` | {', '.join(heard) or 'no service'} "
            f"| {_first_sentence(event)} |"
        )
    lines += ["", "## Wishes", "", "| wish | subject | answered by | answer | what it asks |", "|---|---|---|---|---|"]
    for _, wish in sorted(WISHES.items()):
        [handler] = [one.handler for door in doors.values() for one in door.answerings if one.wish is wish]
        lines.append(
            f"| {wish.__name__} | `{wish.subject()}` | `{handler}` | {wish.answer.__name__} | {_first_sentence(wish)} |"
        )
    return "\n".join([*lines, ""])


def _first_sentence(kind: type[BaseModel]) -> str:
    words = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
    return words.replace("|", "\\|")


def settings_classes() -> list[type[Settings]]:
    """Every class of settings: the runtime's, then each service's."""
    found: list[type[Settings]] = [BusSettings, RunSettings]
    for service in (*ROOMS, "gateway"):
        module = importlib.import_module(f"services.{service}.settings")
        found += [
            kind
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, Settings) and kind.__module__ == module.__name__
        ]
    return found


def env_example() -> str:
    """Every setting with what it means and its default; what has no default must be set."""
    lines = ["# Every setting, with its default. Written by `make docs` from the code.", "#"]
    lines += ["# A secret may lie in a file: NAME_FILE names it. Lines without a comment sign must be set."]
    for kind in settings_classes():
        lines += ["", f"# ── {' '.join((kind.__doc__ or '').split())}"]
        for name, field in kind.model_fields.items():
            alias = field.validation_alias
            variable = alias if isinstance(alias, str) else f"{kind.model_config.get('env_prefix', '')}{name}".upper()
            lines += ["", f"# {field.description}"]
            lines += [f"{variable}="] if field.is_required() else [f"# {variable}={_shown(field.default)}"]
    lines += ["", "# ── The database of each service"]
    for room in ROOMS:
        name = f"{room.upper()}_DATABASE"
        lines += ["", f"# Address of {room}'s database; its password may lie in the file {name}_PASSWORD_FILE names."]
        lines += [f"{name}_URL=sqlite+aiosqlite:///var/data/{room}.db"]
    return "\n".join([*lines, ""])


def _shown(default: Any) -> str:
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return str(default).lower() if isinstance(default, bool) else str(default)


def _json(made: Callable[[], dict[str, Any]]) -> str:
    return json.dumps(made(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(folder: Path) -> None:
    """Write `asyncapi.json`, `openapi.json` and `events.md` into this folder, and `deploy/env.example` beside it."""
    for path, text in written(folder).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def written(folder: Path) -> dict[Path, str]:
    """What `write` writes, and where."""
    return {
        folder / "asyncapi.json": _json(asyncapi),
        folder / "openapi.json": _json(openapi),
        folder / "events.md": events(),
        folder.parent / "deploy" / "env.example": env_example(),
    }


def _channel(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{name}"}
