#!/usr/bin/env python3
"""Makes the lists of this folder anew, with a new key each time. Needs python3-cryptography and openssl."""

import datetime
import pathlib
import subprocess
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

HERE = pathlib.Path(__file__).parent
NAME = x509.Name([
    x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
    x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Balai Daftar Rekaan"),
    x509.NameAttribute(NameOID.COMMON_NAME, "CA Daftar UJI"),
])


def day(number, month=11):
    return datetime.datetime(2026, month, number)


def authority(key):
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    return (
        x509.CertificateBuilder().subject_name(NAME).issuer_name(NAME).public_key(key.public_key())
        .serial_number(77).not_valid_before(datetime.datetime(2020, 1, 1))
        .not_valid_after(datetime.datetime(2045, 1, 1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True).sign(key, hashes.SHA256()))


def crl(key, issued, number=None, revoked=(), extra=()):
    builder = (x509.CertificateRevocationListBuilder().issuer_name(NAME).last_update(issued)
               .next_update(issued + datetime.timedelta(days=30)))
    if number is not None:
        builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    for extension in extra:
        builder = builder.add_extension(extension, critical=True)
    for serial in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(issued).build())
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def weak(key, certificate):
    """By openssl, which still signs over SHA-1 when it is told to."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "key.pem").write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (folder / "index").write_text("")
        (folder / "number").write_text("09\n")
        (folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=one\n[one]\ndatabase=%s/index\ncrlnumber=%s/number\n"
            "default_md=sha1\ndefault_crl_days=30\ncrl_extensions=ext\n[ext]\n" % (folder, folder))
        subprocess.run(
            ["openssl", "ca", "-gencrl", "-config", folder / "ca.cnf", "-keyfile", folder / "key.pem",
             "-cert", folder / "ca.pem", "-crl_lastupdate", "261110000000Z",
             "-crl_nextupdate", "261210000000Z", "-out", folder / "crl.pem"], check=True)
        done = subprocess.run(
            ["openssl", "crl", "-in", folder / "crl.pem", "-outform", "DER"], check=True,
            capture_output=True)
        return done.stdout


def main():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = authority(key)
    (HERE / "authority.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    unknown = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")
    lists = {
        "number-5": crl(key, day(10), 5),
        "number-5-other": crl(key, day(10), 5, revoked=[4711]),
        "number-6": crl(key, day(11), 6, revoked=[4711]),
        "number-256": crl(key, day(12), 256, revoked=[4711]),
        "no-number": crl(key, day(10)),
        "no-number-later": crl(key, day(12)),
        "critical": crl(key, day(12), 9, extra=[unknown]),
        "delta": crl(key, day(12), 9, extra=[x509.DeltaCRLIndicator(5)]),
        "foreign": crl(other, day(12), 9),
        "next-week": crl(key, day(27), 9),
        "sha1": weak(key, certificate),
    }
    for name, data in lists.items():
        (HERE / (name + ".crl")).write_bytes(data)


main()
