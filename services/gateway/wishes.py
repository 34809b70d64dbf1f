"""What a frame asks of chat, where the answer is only whether it was done: what there is to see, everybody hears."""

from typing import Any

from harbour.contracts.chat import WithdrawMessage
from harbour.contracts.messages import Wish
from services.gateway import frames
from services.gateway.frames import Spoken

FOR_FACILITATORS: tuple[type[frames.Frame], ...] = (frames.Withdraw,)
"""Frames that only an adult who leads the room may send."""


def wish_of(frame: Spoken, session_id: str, person_id: str) -> Wish[Any] | None:
    """The wish in this frame, in the name of who is signed in; None where it is another kind of frame."""
    match frame:
        case frames.Withdraw():
            return WithdrawMessage(session_id=session_id, number=frame.number, staff_id=person_id)
    return None
