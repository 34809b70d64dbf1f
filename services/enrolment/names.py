"""Nicknames: what a young person may be called in the room. Pure."""

import re
import unicodedata
from collections.abc import Collection

from harbour.contracts.concerns import Category
from harbour.contracts.messages import Refused
from harbour.screening import look_at_door
from harbour.screening.reading import clean, fold, unmask

SHORTEST, LONGEST = 2, 24

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_STACKED = re.compile(r"([\u0300-\u036f]{2})[\u0300-\u036f]+")
_ALIKE = str.maketrans("01345$@|l", "oieassaii")
"""Characters that pass for one another on a small screen, each as the letter it is read as."""
_INNER_MARK = re.compile(r"(?<=\w)!(?=\w)")


def alike(nickname: str) -> str:
    """What two nicknames share when a reader might take one for the other; empty where nothing can be read."""
    capitals = unmask(fold(clean(nickname)).upper())
    small = _INNER_MARK.sub("i", unmask(capitals).casefold()).translate(_ALIKE)
    return "".join(char for char in small if char.isalnum())


_OF_THE_HOUSE = tuple(
    alike(name)
    for name in (
        "harbour", "harbor", "counsell", "counselor", "councillor", "facilitator", "moderator", "administrator",
        "youthworker", "safeguarding", "therapist", "childline", "samaritans", "papyrus", "hopeline", "helpline",
    )
)  # fmt: skip
"""Wherever one of these stands in a name, it passes for an adult or a help line."""

_ROLES = frozenset(
    alike(name)
    for name in (
        "admin", "mod", "staff", "host", "support", "helper", "volunteer", "doctor", "nurse", "teacher", "police",
        "officer", "system", "shout", "nhs", "leader", "supervisor", "therapy", "coordinator", "everyone",
    )
)  # fmt: skip
"""These only as a word of their own: `badminton` is a fine name."""

_ELSEWHERE = frozenset(
    alike(name)
    for name in (
        "insta", "instagram", "ig", "snap", "snapchat", "sc", "tiktok", "discord", "whatsapp", "telegram", "signal",
        "kik", "roblox", "steam", "facebook", "fb", "youtube", "twitch", "reddit", "bereal", "skype", "twitter",
    )
)  # fmt: skip
"""Before or after one of these, a name is how to find somebody outside the room."""


def tidy(nickname: str) -> str:
    """The nickname as it is shown: one line, nothing invisible, no towers of accents."""
    shown = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", nickname)
        if char.isspace() or unicodedata.category(char) not in _UNSEEN
    )
    return " ".join(_STACKED.sub(r"\1", shown).split())


def why_not_called(nickname: str, taken: Collection[str], adults: Collection[str] = ()) -> Refused | None:
    """Why somebody may not have this (tidy) nickname: `nickname-tells` or `nickname-taken`; None if they may.

    taken: what the others in the course are called, as `alike` gives it. adults: the names of those who lead it.
    """
    verdict = look_at_door(nickname)
    if any(reason.category is Category.CONTACT_OR_PII for reason in verdict.reasons) or _is_a_handle(nickname):
        return Refused(reason="nickname-tells")
    key = alike(nickname)
    if verdict.hold or len(key) < SHORTEST or len(nickname) > LONGEST:
        return Refused(reason="nickname-taken", say="Something short with a few letters in it works best.")
    if _passes_for_staff(nickname, key) or key in _as_called(adults):
        return Refused(reason="nickname-taken", say="That one could be mistaken for an adult who helps here.")
    return Refused(reason="nickname-taken") if key in taken else None


def _is_a_handle(nickname: str) -> bool:
    words = [alike(word) for word in re.split(r"[\s:;,/@]+", nickname) if word]
    return nickname.startswith("@") or (len(words) > 1 and not _ELSEWHERE.isdisjoint(words))


def _passes_for_staff(nickname: str, key: str) -> bool:
    words = re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", nickname)
    bare = {alike(word) for word in words} | {alike(word.rstrip("0123456789")) for word in words} | {key}
    return any(name in key for name in _OF_THE_HOUSE) or not _ROLES.isdisjoint(bare)


def _as_called(adults: Collection[str]) -> set[str]:
    return {alike(part) for name in adults for part in (name, *name.split()[:1])}
