"""What handlers depend on costs no thread: a dependency that is no coroutine runs in a worker thread, each time."""

import importlib
import inspect
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from fast_depends.dependencies import Dependant

SERVICES = ("enrolment", "chat", "safeguard", "notify")


def dependencies(handler: Any) -> list[Any]:
    """What this handler is given by FastStream's `Depends`."""
    hints = get_type_hints(inspect.unwrap(handler), include_extras=True).values()
    extras = [extra for hint in hints if get_origin(hint) is Annotated for extra in get_args(hint)[1:]]
    return [extra.dependency for extra in extras if isinstance(extra, Dependant)]


@pytest.mark.parametrize("service", SERVICES)
def test_no_dependency_of_a_handler_takes_a_thread(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{service.upper()}_DATABASE_URL", "sqlite+aiosqlite:///:memory:")
    built = importlib.import_module(f"services.{service}.app").build()
    found = [
        one
        for subscriber in built.broker.subscribers
        for call in subscriber.calls
        for one in dependencies(call.handler._original_call)
    ]
    assert found
    assert [one.__qualname__ for one in found if not inspect.iscoroutinefunction(one)] == []
