"""Writes the contracts of the bus as AsyncAPI 3.0, from the code that speaks them."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from harbour.contracts import chat, enrolment, notify, safeguard
from harbour.contracts.messages import EVENTS, WISHES

OWNERS = tuple(module.__name__.rsplit(".", 1)[1] for module in (chat, enrolment, notify, safeguard))
REF = "#/components/schemas/{model}"


def asyncapi() -> dict[str, Any]:
    """Every event, timer and wish: its subject, its schema, and the service that owns it."""
    kinds: dict[str, type[BaseModel]] = {**EVENTS, **WISHES}
    wanted = list(kinds.values()) + [wish.answer for wish in WISHES.values()]
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
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Harbour: the bus", "version": "1"},
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas.get("$defs", {})},
    }


def write(folder: Path) -> None:
    """Write `asyncapi.json` into this folder."""
    text = json.dumps(asyncapi(), indent=2, ensure_ascii=False, sort_keys=True)
    (folder / "asyncapi.json").write_text(text + "\n", encoding="utf-8")


def _channel(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{name}"}
