"""What was said and who has it: each message on each socket of its room once, or it is counted as a fault."""

import re
from secrets import token_hex
from typing import Any

from harbour.rehearsal.load_socket import Socket


class Tally:
    """Counts in plain lists under the number of a message, because it counts for every delivery."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix or f"b{token_hex(4)}-"
        self._quoted = f'"{self._prefix}'.encode()
        self._number = re.compile(re.escape(self._quoted) + rb"(\d+)")
        self.said = 0
        self._left: list[int] = []
        """How many sockets still have to get it; the refused have none."""
        self._said_at: list[float] = []
        self._took: list[float] = []
        """Seconds until the last had it; below 0 while it is on its way."""
        self._writers: list[Socket] = []
        self._due: dict[str, tuple[int, int]] = {}
        """For each room: how many messages of this run belong there, and the sum of their numbers."""
        self._out: set[int] = set()
        """What was refused in this run; should it come all the same, nobody counts it."""
        self._first = self._complete = self._deliveries = self._refused = 0

    @property
    def waits(self) -> bool:
        """Whether something has not reached everybody."""
        return self._complete + self._refused < self.said - self._first

    @property
    def heard(self) -> int:
        """How much has come of this run, whatever it was."""
        return self._deliveries + self._refused

    def begin(self, sockets: list[Socket]) -> None:
        """Count a run of its own from here."""
        self._first, self._complete, self._deliveries, self._refused = self.said, 0, 0, 0
        self._due, self._out = {}, set()
        for socket in sockets:
            socket.got = socket.sum = 0

    def name(self, number: int) -> str:
        """The writer's own name for a message, by which it is known again."""
        return f"{self._prefix}{number}"

    def writer(self, number: int) -> Socket:
        """Whose it is."""
        return self._writers[number]

    def say(self, speaker: Socket, receivers: int, now: float) -> int:
        """One more is said to so many; its number."""
        number = self.said
        self.said += 1
        self._left.append(receivers)
        self._said_at.append(now)
        self._took.append(-1.0)
        self._writers.append(speaker)
        count, total = self._due.get(speaker.room, (0, 0))
        self._due[speaker.room] = (count + 1, total + number)
        return number

    def hear(self, socket: Socket, payload: bytes, now: float) -> list[int]:
        """A socket got a frame with messages; the numbers of those that everybody has now."""
        start = payload.find(self._quoted)
        if start < 0:
            return []
        start += len(self._quoted)
        if payload.find(self._quoted, start) < 0:
            numbers = [int(payload[start : payload.index(b'"', start)])]
        else:
            numbers = [int(found) for found in self._number.findall(payload)]
        fresh = (number for number in numbers if number >= self._first and number not in self._out)
        return [number for number in fresh if self._got(socket, number, now)]

    def _got(self, socket: Socket, number: int, now: float) -> bool:
        socket.got += 1
        socket.sum += number
        self._deliveries += 1
        self._left[number] -= 1
        if self._left[number]:
            return False
        self._took[number] = now - self._said_at[number]
        self._complete += 1
        return True

    def refuse(self, payload: bytes) -> None:
        """One was not taken, or waits for an adult: nobody else will get it."""
        if (found := self._number.search(payload)) is None or (number := int(found[1])) < self._first:
            return
        if not self._left[number] or number in self._out:
            return
        self._out.add(number)
        self._refused += 1
        self._left[number] = 0
        count, total = self._due[self._writers[number].room]
        self._due[self._writers[number].room] = (count - 1, total - number)

    def mark(self) -> dict[str, int]:
        """How far it is at this moment."""
        return {"number": self.said, "complete": self._complete, "deliveries": self._deliveries}

    def since(self, mark: dict[str, Any]) -> dict[str, Any]:
        """What came after that moment."""
        took = (seconds for seconds in self._took[mark["number"] :] if seconds >= 0)
        return {
            "said": self.said - mark["number"],
            "complete": self._complete - mark["complete"],
            "deliveries": self._deliveries - mark["deliveries"],
            "latencies_ms": [round(seconds * 1000, 3) for seconds in took],
        }

    def faults(self, sockets: list[Socket]) -> dict[str, int]:
        """Deliveries that are missing or doubled in this run, messages that were refused, sockets that were closed."""
        left = self._left[self._first :]
        uneven = sum((socket.got, socket.sum) != self._due.get(socket.room, (0, 0)) for socket in sockets)
        return {
            "missing": sum(count for count in left if count > 0),
            "doubled": sum(-count for count in left if count < 0),
            "uneven": uneven,
            "refused": self._refused,
            "closed": sum(socket.closed for socket in sockets),
        }
