"""Tokens and codes: made by chance, kept as hashes only."""

import hashlib
import re
import secrets
import unicodedata

from warehouse import thai_digits

# No letters and digits that a reader takes for each other on paper; 31 of them, 16 drawn: 79 bits.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # pragma: allowlist secret
LENGTH, GROUP = 16, 4


def token() -> str:
    """256 bits for a cookie or a link, URL-safe."""
    return secrets.token_urlsafe(32)


def code() -> str:
    """A letter's code as it is printed: four groups of four."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(drawn[begin : begin + GROUP] for begin in range(0, LENGTH, GROUP))


def hashed(secret: str) -> str:
    """What is stored of a token. Plain SHA-256: what is hashed is drawn by chance and long."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def hashed_code(written: str) -> str:
    """What is stored of a letter's code, however it was typed: small letters, blanks, no dashes."""
    return hashed(re.sub(r"[\s\-–]+", "", typed(written)).upper())


def typed(written: str) -> str:
    """A login or code as a Thai keyboard or a telephone may write it, in small plain letters."""
    plain = unicodedata.normalize("NFKC", written).translate(thai_digits.TO_ARABIC)
    return re.sub(r"[\u200b-\u200f\ufeff]", "", plain).strip().lower()
