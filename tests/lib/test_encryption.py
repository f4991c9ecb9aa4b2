import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from crm.lib.encryption import DecryptionError, decrypt, encrypt, needs_rotation


@given(st.text())
@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_secret_reads_back(secret: str) -> None:
    hidden = encrypt(secret)
    assert hidden.startswith("v1:")
    assert hidden.isascii()
    assert decrypt(hidden) == secret


def test_the_same_secret_never_looks_the_same() -> None:
    assert encrypt("JBSWY3DPEHPK3PXP") != encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in encrypt("JBSWY3DPEHPK3PXP")


def test_charlie_cannot_change_a_single_character() -> None:
    hidden = encrypt("secret")
    for place, character in enumerate(hidden.rstrip("=")[:-1]):
        with pytest.raises(DecryptionError):
            decrypt(hidden[:place] + ("A" if character != "A" else "B") + hidden[place + 1 :])


@given(st.text())
def test_text_that_was_never_encrypted_is_refused(text: str) -> None:
    for attempt in (text, f"v1:{text}"):
        with pytest.raises(DecryptionError):
            decrypt(attempt)


def test_secrets_survive_a_new_key_and_are_due_for_rotation(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first-key-of-this-installation", []
    hidden = encrypt("secret")
    assert not needs_rotation(hidden)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second-key-of-this-installation", ["first-key-of-this-installation"]
    assert decrypt(hidden) == "secret"
    assert needs_rotation(hidden)
    assert not needs_rotation(encrypt(decrypt(hidden)))


def test_without_the_earlier_key_the_message_says_what_to_do(settings: Settings) -> None:
    hidden = encrypt("secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key", []
    with pytest.raises(DecryptionError, match="SECRET_KEY_FALLBACKS"):
        decrypt(hidden)
