"""Secrets at rest, such as those of authenticator apps: unreadable without the installation's secret key."""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = "v1"
PURPOSE = b"tern.lib.encryption.v1"


class DecryptionError(Exception):
    """The text was changed, or encrypted with a key that is neither SECRET_KEY nor among SECRET_KEY_FALLBACKS."""


def encrypt(text: str) -> str:
    """ "v1:…", ASCII, different each time. Readable as long as today's SECRET_KEY is known."""
    return f"{VERSION}:{_fernet().encrypt(text.encode()).decode('ascii')}"


def decrypt(encrypted: str) -> str:
    """What was encrypted. Raises DecryptionError."""
    version, _colon, token = encrypted.partition(":")
    if version != VERSION or not token.isascii():
        raise DecryptionError("This is not an encrypted text of a version that is known.")
    try:
        return _fernet().decrypt(token.encode("ascii")).decode()
    except (InvalidToken, UnicodeDecodeError):
        raise DecryptionError("The encrypted text was changed, or SECRET_KEY was. Put the earlier key in SECRET_KEY_FALLBACKS.") from None


def needs_rotation(encrypted: str) -> bool:
    """Whether it is encrypted with an earlier key, so that `encrypt(decrypt(…))` is due. Raises DecryptionError."""
    decrypt(encrypted)
    try:
        _cipher(settings.SECRET_KEY).decrypt(encrypted.partition(":")[2].encode("ascii"))
    except InvalidToken:
        return True
    return False


def _fernet() -> MultiFernet:
    """Encrypts with SECRET_KEY; decrypts with its predecessors, too."""
    return MultiFernet([_cipher(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@lru_cache(maxsize=8)
def _cipher(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))
