"""A demonstration PKI that lives only while this program runs: no private key is ever written."""

from datetime import datetime, timezone

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
END = datetime(2056, 1, 1, tzinfo=timezone.utc)
CRL_START = datetime(2026, 1, 2, tzinfo=timezone.utc)
# The certificate whose life is over: for the document that cannot prove when it was signed.
EXPIRED_END = datetime(2026, 7, 1, tzinfo=timezone.utc)
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336


def name(common, unit=None, title=None):
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kabupaten Contoh (Demonstrasi Anjungan)"),
    ]
    if unit:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    if title:
        parts.append(x509.NameAttribute(NameOID.TITLE, title))
    return x509.Name(parts + [x509.NameAttribute(NameOID.COMMON_NAME, common)])


class Party:
    """A key and its certificate."""

    def __init__(self, subject, issuer=None, bits=3072, ca=None, usage=(), extended=None,
                 extended_critical=False, end=END):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        signer = issuer or self
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(START)
            .not_valid_after(end)
            .add_extension(
                x509.BasicConstraints(ca=ca is not None, path_length=ca), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()),
                critical=False)
            .add_extension(key_usage(usage), critical=True)
        )
        if extended:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage(extended), critical=extended_critical)
        self.certificate = builder.sign(signer.key, hashes.SHA256())

    def revocation_list(self):
        return (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(CRL_START)
            .next_update(END)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def asn1_certificate(self):
        return asn1_x509.Certificate.load(
            self.certificate.public_bytes(serialization.Encoding.DER))

    def asn1_key(self):
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()))


def key_usage(wanted):
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{usage: usage in wanted for usage in every})


class Office:
    def __init__(self):
        authority = ("key_cert_sign", "crl_sign")
        self.root = Party(name("Root CA CONTOH DEMONSTRASI"), ca=1, usage=authority)
        self.issuer = Party(
            name("CA Penerbit CONTOH DEMONSTRASI"), self.root, ca=0, usage=authority)
        self.time_stamper = Party(
            name("Timestamp Authority CONTOH DEMONSTRASI"), self.issuer,
            usage=("digital_signature",), extended=[ExtendedKeyUsageOID.TIME_STAMPING],
            extended_critical=True)
        person = ("digital_signature", "content_commitment")
        unit = "Dinas Kependudukan dan Pencatatan Sipil"
        self.head = Party(
            name("Dra. REKA CONTOH DEMONSTRASI, M.Si.", unit, "Kepala Dinas CONTOH"),
            self.issuer, usage=person, extended=[DOCUMENT_SIGNING])
        self.former_head = Party(
            name("Drs. LAMA CONTOH DEMONSTRASI", unit, "Kepala Dinas CONTOH"), self.issuer,
            usage=person, extended=[DOCUMENT_SIGNING], end=EXPIRED_END)
        self.root_list = self.root.revocation_list()
        self.issuer_list = self.issuer.revocation_list()

    def asn1_lists(self):
        return [
            asn1_crl.CertificateList.load(each.public_bytes(serialization.Encoding.DER))
            for each in (self.root_list, self.issuer_list)
        ]
