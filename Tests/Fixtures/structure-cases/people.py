"""Invented people and authorities. Their keys live as long as one run of make.py."""

import datetime
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

UTC = datetime.timezone.utc
SIGNED = datetime.datetime(2026, 11, 10, 9, tzinfo=UTC)


def name(common, organization="Lembaga Sandi Rekaan"):
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ])


class Party:
    def __init__(self, subject, issuer=None, authority=False, stamps=False):
        self.key = ec.generate_private_key(ec.SECP256R1())
        issuer = issuer or self
        public = self.key.public_key()
        usage = dict.fromkeys(
            ["data_encipherment", "key_encipherment", "key_agreement", "encipher_only",
             "decipher_only"], False)
        builder = (
            x509.CertificateBuilder().subject_name(subject).public_key(public)
            .issuer_name(subject if issuer is self else issuer.certificate.subject)
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime.datetime(2049, 12, 31, tzinfo=UTC))
            .add_extension(x509.BasicConstraints(authority, None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not authority, key_cert_sign=authority, crl_sign=authority,
                    content_commitment=not authority and not stamps, **usage), True))
        if stamps:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        self.certificate = builder.sign(issuer.key, hashes.SHA256())
        self.der = self.certificate.public_bytes(serialization.Encoding.DER)
        self.revocation_list = None

    def publish(self):
        self.revocation_list = (
            x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
            .last_update(datetime.datetime(2026, 11, 19, tzinfo=UTC))
            .next_update(datetime.datetime(2026, 12, 19, tzinfo=UTC))
            .add_extension(x509.CRLNumber(1), False)
            .sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))


class Office:
    def __init__(self):
        self.root = Party(name("Akar Peraga Struktur"), authority=True)
        self.issuer = Party(name("Penerbit Peraga Struktur"), self.root, authority=True)
        dinas = "Dinas Contoh"
        self.satu = Party(name("Rekaan Satu", dinas), self.issuer)
        self.dua = Party(name("Rekaan Dua", dinas), self.issuer)
        self.tiga = Party(name("Rekaan Tiga", dinas), self.issuer)
        self.clock = Party(name("Otoritas Waktu Peraga"), self.issuer, stamps=True)
        self.root.publish()
        self.issuer.publish()

    def write(self, folder):
        def put(path, data):
            os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
            with open(f"{folder}/{path}", "wb") as file:
                file.write(data)

        pem = serialization.Encoding.PEM
        put("trust/roots/akar.pem", self.root.certificate.public_bytes(pem))
        put("trust/issuers/penerbit.pem", self.issuer.certificate.public_bytes(pem))
        put("crl/fresh/akar.crl", self.root.revocation_list)
        put("crl/fresh/penerbit.crl", self.issuer.revocation_list)
