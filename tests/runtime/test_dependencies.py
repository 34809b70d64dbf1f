"""What handlers depend on costs no thread: a dependency that is no coroutine runs in a worker thread, each time."""

import importlib
import inspect
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from fast_depends.dependencies import Dependant
from fast_depends.library import CustomField

SERVICES = ("enrolment", "chat", "safeguard", "notify")


def dependencies(handler: Any) -> list[Any]:
    """What gives this handler what it depends on, and what that depends on in turn."""
    hints = get_type_hints(inspect.unwrap(handler), include_extras=True).values()
    extras = [extra for hint in hints if get_origin(hint) is Annotated for extra in get_args(hint)[1:]]
    extras += [one.default for one in inspect.signature(handler).parameters.values()]
    found = [extra.dependency for extra in extras if isinstance(extra, Dependant)]
    further = [each for one in found for each in dependencies(one)]
    return [*found, *further, *(extra.use for extra in extras if isinstance(extra, CustomField))]


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
