"""What a handler finds in its process, by name."""

from typing import Any

from faststream._internal.context.context_type import Context as _Context


class Context(_Context):
    """FastStream's `Context`, found where the handler runs: its own goes to a worker thread and back each time."""

    async def use(self, /, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """The arguments of the handler, with this one."""
        return super().use(**kwargs)
