"""How the workers of a run share the tests: what is dear comes first, and what shares something dear stays together."""

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

_TOGETHER = ("tests/browser", "tests/journeys")
"""Folders whose tests share whole systems: one worker takes them all, and starts each system once."""
_FIRST = (
    *_TOGETHER,
    "tests/deploy/test_compose.py",
    "tests/stack/test_whole.py",
    "tests/rehearsal",
    "tests/bench/test_small.py",
    "tests/faults",
    "tests/stack",
)
"""What starts whole systems, which mostly waits: begun last, it would be waited for by the other workers."""


class OnePlace(LoadFileScheduling):  # type: ignore[misc]
    """All tests of a file go to one worker, and so do all of a folder that shares a system; in the order given."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in _TOGETHER if file.startswith(f"{folder}/")), file)


def in_order(items: list[pytest.Item]) -> None:
    """Put whole systems first, then browsers, then the rest, each as it was."""
    items.sort(key=lambda item: (_place(item.nodeid), item.get_closest_marker("browser") is None))


def _place(nodeid: str) -> int:
    return next((place for place, start in enumerate(_FIRST) if nodeid.startswith(start)), len(_FIRST))
