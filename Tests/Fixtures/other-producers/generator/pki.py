"""An invented chain of certificates, whose keys live as long as the folder they are written to."""

import datetime as dt
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, pkcs12)
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU
from cryptography.x509.oid import NameOID

PASSWORD = "rekaan"
OFFICE = "Dinas Peraga Kabupaten Rekaan"
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
#: Short name, name of the certificate, its key, extended usage.
PEOPLE = (
    ("budi", "Budi Rekaan", "rsa2048", (EKU.EMAIL_PROTECTION, DOCUMENT_SIGNING)),
    ("sari", "Sari Peraga, S.Uji.", "rsa4096", (EKU.EMAIL_PROTECTION, EKU.CLIENT_AUTH)),
    ("tono", "Tono Contoh", "p256", (EKU.EMAIL_PROTECTION,)),
    ("wati", "Wati Rekaan Contoh", "p384", (EKU.EMAIL_PROTECTION,)),
    ("eko", "Eko Segel Uji", "rsa3072", (EKU.EMAIL_PROTECTION, DOCUMENT_SIGNING)),
)


def make_key(kind):
    if kind.startswith("rsa"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(kind[3:]))
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1()}[kind])


def subject(common, unit=None):
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
             x509.NameAttribute(NameOID.ORGANIZATION_NAME, OFFICE)]
    if unit:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name(parts + [x509.NameAttribute(NameOID.COMMON_NAME, common)])


class PKI:
    """Files in `folder`: NAME.pem, NAME.key, NAME.p12, chain.pem, root.crl, issuer.crl, tsa.cnf."""

    def __init__(self, folder, now):
        self.folder = folder
        self.start = now - dt.timedelta(days=30)
        root_key, issuer_key = make_key("rsa3072"), make_key("rsa3072")
        root = self._certificate(subject("Akar Rekaan"), root_key, None, root_key, ca=1)
        issuer = self._certificate(subject("Penerbit Rekaan"), issuer_key, root, root_key, ca=0)
        self.root, self.issuer = root, issuer
        self._write("root", root)
        self._write("issuer", issuer)
        (folder / "chain.pem").write_bytes(
            issuer.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
        self.certificates = {}
        for short, common, kind, usage in PEOPLE:
            key = make_key(kind)
            certificate = self._certificate(
                subject(common, "Bidang Peraga"), key, issuer, issuer_key, usage=usage)
            self.certificates[short] = certificate
            self._write(short, certificate, key)
        key = make_key("rsa2048")
        self._write("tsa", self._certificate(
            subject("Otoritas Waktu Rekaan"), key, issuer, issuer_key,
            usage=(EKU.TIME_STAMPING,), critical=True), key)
        for name, authority, authority_key in (
                ("root", root, root_key), ("issuer", issuer, issuer_key)):
            made = (x509.CertificateRevocationListBuilder().issuer_name(authority.subject)
                    .last_update(now - dt.timedelta(hours=1))
                    .next_update(now + dt.timedelta(days=7))
                    .add_extension(x509.CRLNumber(7), False)
                    .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(
                        authority_key.public_key()), False)
                    .sign(authority_key, hashes.SHA256()))
            (folder / (name + ".crl")).write_bytes(made.public_bytes(Encoding.DER))
        (folder / "serial").write_text("1000\n")
        (folder / "tsa.cnf").write_text(TSA_CONFIGURATION.format(folder=folder))

    def _certificate(self, name, key, issuer, issuer_key, ca=None, usage=(), critical=False):
        is_ca = ca is not None
        builder = (
            x509.CertificateBuilder().subject_name(name)
            .issuer_name(issuer.subject if issuer else name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(self.start)
            .not_valid_after(self.start + dt.timedelta(days=365 * (23 if is_ca else 22)))
            .add_extension(x509.BasicConstraints(is_ca, ca), True)
            .add_extension(x509.KeyUsage(
                digital_signature=not is_ca, content_commitment=not is_ca and not critical,
                key_encipherment=False, data_encipherment=False, key_agreement=False,
                key_cert_sign=is_ca, crl_sign=is_ca, encipher_only=False, decipher_only=False),
                True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(
                issuer_key.public_key()), False))
        if issuer:
            # NSS asks for the place of a list, even where it is given one and fetches nothing.
            place = x509.UniformResourceIdentifier(
                "http://daftar.contoh.invalid/%s.crl" % ("issuer" if not is_ca else "root"))
            builder = builder.add_extension(x509.CRLDistributionPoints(
                [x509.DistributionPoint([place], None, None, None)]), False)
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical)
        return builder.sign(issuer_key, hashes.SHA256())

    def _write(self, short, certificate, key=None):
        (self.folder / (short + ".pem")).write_bytes(certificate.public_bytes(Encoding.PEM))
        if not key:
            return
        (self.folder / (short + ".key")).write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (self.folder / (short + ".p12")).write_bytes(pkcs12.serialize_key_and_certificates(
            short.encode(), key, certificate, [self.issuer, self.root],
            BestAvailableEncryption(PASSWORD.encode())))

    def path(self, name):
        return str(self.folder / name)

    def answer(self, query):
        """What the time-stamping authority says to a query: OpenSSL's own `ts -reply`."""
        request = self.folder / "query.tsq"
        request.write_bytes(query)
        return subprocess.run(
            ["openssl", "ts", "-reply", "-config", self.path("tsa.cnf"), "-queryfile",
             str(request)], check=True, capture_output=True).stdout


TSA_CONFIGURATION = """[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
certs = {folder}/chain.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
