"""A password is right or wrong, and how long that takes tells nothing."""

from threading import get_ident

import pytest

from services.enrolment.passwords import Passwords

CHEAP = Passwords(memory_kib=8_192, rounds=1)


async def test_the_password_fits_and_another_does_not() -> None:
    kept = await CHEAP.hash("a long enough one")
    assert await CHEAP.fits("a long enough one", kept)
    assert not await CHEAP.fits("a long enough two", kept)
    assert "long" not in kept


async def test_nobodys_password_is_never_right_and_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = await CHEAP.hash("a long enough one")
    verified: list[str] = []
    real = CHEAP._verify

    def noting(password: str, against: str) -> bool:
        verified.append(against)
        return real(password, against)

    monkeypatch.setattr(CHEAP, "_verify", noting)
    assert not await CHEAP.fits("a long enough one", None)
    assert not await CHEAP.fits("a wrong one indeed", kept)
    assert [_cost(against) for against in verified] == [_cost(kept)] * 2


async def test_a_hash_of_another_cost_is_dated_and_still_fits() -> None:
    kept = await CHEAP.hash("a long enough one")
    dearer = Passwords(memory_kib=16_384, rounds=2)
    assert dearer.is_dated(kept)
    assert not CHEAP.is_dated(kept)
    assert await dearer.fits("a long enough one", kept)


async def test_the_same_letters_from_another_keyboard_fit() -> None:
    assert await CHEAP.fits("cafe\u0301 au lait 12", await CHEAP.hash("caf\u00e9 au lait 12"))


async def test_the_work_is_done_beside_the_room_and_not_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    where: list[int] = []
    real = CHEAP._verify

    def noting(password: str, against: str) -> bool:
        where.append(get_ident())
        return real(password, against)

    monkeypatch.setattr(CHEAP, "_verify", noting)
    assert await CHEAP.fits("a long enough one", await CHEAP.hash("a long enough one"))
    assert where
    assert get_ident() not in where


def _cost(kept: str) -> str:
    return kept.rsplit("$", 2)[0]
