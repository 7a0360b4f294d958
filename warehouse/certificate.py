"""The certificate of the door with TLS: the house's own where one was given, else one of ours."""

import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from warehouse import durable, settings
from warehouse.errors import BadInput

YEARS = 5


def folder() -> Path:
    """ITA_HOME/tls: server.crt (with its chain) and server.key, in PEM."""
    return settings.home() / "tls"


def path() -> Path:
    return folder() / "server.crt"


def have(addresses: list[str], at: datetime) -> Path:
    """The certificate's path; made for this machine's names and the addresses where there is none.

    Raises BadInput where one of the two files is missing.
    """
    certificate, key = path(), folder() / "server.key"
    if certificate.exists() != key.exists():
        raise BadInput(
            f"{folder()} has only one of server.crt and server.key",
            "give both, or neither: then a certificate is made",
        )
    if not certificate.exists():
        durable.make_folder(folder()).chmod(0o700)
        made = ec.generate_private_key(ec.SECP256R1())
        pem = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        durable.write(key, pem, mode=0o600)
        durable.write(certificate, _signed_by_itself(made, addresses, at), mode=0o644)
    return certificate


def names() -> list[str]:
    """The names and addresses that the certificate is of, the machine's name first.

    Raises BadInput for what is no certificate.
    """
    found = _read()
    try:
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    said: list[str] = [str(name) for name in alternatives.get_values_for_type(x509.DNSName)]
    return said + [str(name) for name in alternatives.get_values_for_type(x509.IPAddress)]


def ends_at() -> datetime:
    """Until when it is good. Raises BadInput for what is no certificate."""
    return _read().not_valid_after_utc


def _read() -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path().read_bytes())
    except (OSError, ValueError) as error:
        raise BadInput(f"{path()} is no certificate: {error}", "give it as PEM") from None


def _signed_by_itself(key: ec.EllipticCurvePrivateKey, addresses: list[str], at: datetime) -> bytes:
    host = socket.gethostname()
    dns = list(dict.fromkeys([socket.getfqdn(), host, "localhost"]))
    of_machine = _addresses_of(host)
    numbers = [ipaddress.ip_address(address) for address in [*addresses, *of_machine]]
    wanted = list(dict.fromkeys(number for number in numbers if not number.is_unspecified))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    alternatives = [*map(x509.DNSName, dns), *map(x509.IPAddress, wanted)]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def _addresses_of(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(place[4][0]).partition("%")[0] for place in found]


def now() -> datetime:
    return datetime.now(UTC)
