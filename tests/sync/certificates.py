"""Authorities and server certificates for 127.0.0.1, made on the spot."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Authority:
    """A self-signed authority; ``pem`` is what a desk pins."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    days: tuple[int, int]

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def server(self, folder: Path, host: str = "") -> ssl.SSLContext:
        """TLS for a server on 127.0.0.1, and under that name, whose certificate this authority signed."""
        chain = folder / f"server-{x509.random_serial_number()}.pem"
        self.keep_server(chain, host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context

    def keep_server(self, chain: Path, host: str = "") -> None:
        """Key and certificate of such a server into one PEM file."""
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        names += [x509.DNSName(host)] if host else []
        alternative = x509.SubjectAlternativeName(names)
        built = _builder(x509.Name([]), self.name, key.public_key(), self.days).add_extension(
            alternative, True
        )
        certificate = built.sign(self.key, SHA256())
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain.write_bytes(secret + certificate.public_bytes(Encoding.PEM))


def authority(name: str, days: tuple[int, int] = (-1, 1)) -> Authority:
    """A fresh authority, valid from and to so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    basic = x509.BasicConstraints(ca=True, path_length=0)
    built = _builder(subject, subject, key.public_key(), (-1000, 1000)).add_extension(basic, True)
    return Authority(subject, key, built.sign(key, SHA256()), days)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: tuple[int, int]
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
    )
