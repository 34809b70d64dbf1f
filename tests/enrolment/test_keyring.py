"""What is locked up opens only with its own key, for its own person."""

import json
from base64 import b64encode

import pytest
from pydantic import ValidationError

from harbour.runtime.sealing import Seal, Unsealable
from services.enrolment.addresses import Address
from services.enrolment.keyring import Keyring
from services.enrolment.records import Locked
from services.enrolment.settings import EnrolmentSettings, key_of
from tests.enrolment.people import CONTACT_KEY, keyring

MIA = Address(email="mia@example.org", phone="+447700900123")


def test_an_address_opens_again_for_its_person_and_nobody_else() -> None:
    locked = keyring().lock_up(MIA, "mia")
    assert keyring().unlock(locked, "mia") == MIA
    with pytest.raises(Unsealable):
        keyring().unlock(locked, "robin")


def test_every_person_has_a_key_of_their_own() -> None:
    mia, robin = (keyring().lock_up(MIA, "mia") for _ in range(2))
    assert mia.wrapped_key != robin.wrapped_key
    with pytest.raises(Unsealable):
        keyring().unlock(Locked(wrapped_key=mia.wrapped_key, sealed=robin.sealed), "mia")


def test_nothing_locked_holds_the_address_in_plain_sight() -> None:
    locked = keyring().lock_up(MIA, "mia")
    assert "example" not in locked.sealed + locked.wrapped_key + repr(locked)
    assert locked.sealed not in repr(locked)


def test_another_master_key_opens_nothing() -> None:
    locked = keyring().lock_up(MIA, "mia")
    other = Keyring(master=b"x" * 32, contact=CONTACT_KEY, lookup=b"y" * 32)
    with pytest.raises(Unsealable):
        other.unlock(locked, "mia")


def test_notify_reads_a_contact_with_the_shared_key_about_its_member() -> None:
    sealed = keyring().seal_contact(MIA, "mia")
    assert json.loads(Seal(CONTACT_KEY).open(sealed, "mia")) == {"email": MIA.email, "phone": MIA.phone}
    with pytest.raises(Unsealable):
        Seal(CONTACT_KEY).open(sealed, "robin")


def test_notify_reads_where_to_page_staff_with_the_shared_key() -> None:
    sealed = keyring().seal_staff_mail("sam@example.org", "sam")
    assert json.loads(Seal(CONTACT_KEY).open(sealed, "sam")) == {"email": "sam@example.org"}


def test_an_authenticators_secret_is_no_use_as_another_persons() -> None:
    sealed = keyring().seal_secret("JBSWY3DPEHPK3PXP", "sam")
    assert keyring().open_secret(sealed, "sam") == "JBSWY3DPEHPK3PXP"
    with pytest.raises(Unsealable):
        keyring().open_secret(sealed, "ash")


def test_marks_recognise_an_address_and_tell_nothing_without_the_key() -> None:
    other = Keyring(master=b"m" * 32, contact=CONTACT_KEY, lookup=b"y" * 32)
    assert keyring().marks(MIA) == keyring().marks(Address(email="Mia@example.org", phone="+447700900123"))
    assert len(set(keyring().marks(MIA)) | set(other.marks(MIA))) == 4


@pytest.mark.parametrize("wrong", ["not base64 at all!", b64encode(b"short").decode(), ""])
def test_a_key_that_is_none_is_named_and_never_quoted(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("ENROLMENT_VAULT_KEY", wrong)
    with pytest.raises(ValidationError) as raised:
        EnrolmentSettings()
    assert "vault_key" in str(raised.value)
    assert not wrong or wrong not in str(raised.value)


def test_settings_hold_keys_and_never_show_them() -> None:
    settings = EnrolmentSettings()
    assert key_of(settings.contact_key) == CONTACT_KEY
    assert b64encode(CONTACT_KEY).decode() not in repr(settings)
