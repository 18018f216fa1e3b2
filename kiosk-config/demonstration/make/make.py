"""Makes the demonstration's documents and trust. See README.md before running it again."""

import argparse
import hashlib
import io
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from freezegun import freeze_time
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

import fonts
import pages
import people
import pki

SIGNED_AT = "2026-11-18 02:10:00"
EXPIRED_SIGNED_AT = "2026-03-10 03:25:00"


def signer_of(party, office):
    store = SimpleCertificateStore()
    store.register_multiple(
        [office.issuer.asn1_certificate(), office.root.asn1_certificate()])
    return signers.SimpleSigner(
        signing_cert=party.asn1_certificate(), signing_key=party.asn1_key(), cert_registry=store)


def sign_long_term(document: bytes, office) -> bytes:
    """PAdES-B-LT: signature time stamp, then certificates and CRLs in the DSS."""
    store = SimpleCertificateStore()
    store.register(office.issuer.asn1_certificate())
    stamper = DummyTimeStamper(
        tsa_cert=office.time_stamper.asn1_certificate(), tsa_key=office.time_stamper.asn1_key(),
        certs_to_embed=store)
    context = ValidationContext(
        trust_roots=[office.root.asn1_certificate()],
        other_certs=[
            office.issuer.asn1_certificate(), office.time_stamper.asn1_certificate()],
        crls=office.asn1_lists(), allow_fetching=False, revocation_mode="hard-fail")
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature1", md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES, embed_validation_info=True,
        validation_context=context, use_pades_lta=False, reason="Dokumen demonstrasi CONTOH",
        location="Kabupaten Contoh")
    return sign(document, metadata, signer_of(office.head, office), stamper)


def sign_basic(document: bytes, office) -> bytes:
    """PAdES-B-B by a certificate that has expired since: nothing proves when it was signed."""
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature1", md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES, reason="Dokumen demonstrasi CONTOH",
        location="Kabupaten Contoh")
    return sign(document, metadata, signer_of(office.former_head, office), None)


def sign(document, metadata, signer, stamper) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    out = signers.PdfSigner(metadata, signer=signer, timestamper=stamper).sign_pdf(writer)
    return out.getvalue()


def tamper(document: bytes) -> bytes:
    """What a forger does: an update after the signature that paints another head of family."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    paint = (
        b"q 1 1 1 rg 150 488 180 12 re f 0 0 0 rg BT /FForged 9 Tf 155 491 Td "
        b"(ORANG LAIN PALSU) Tj ET Q")
    stream = writer.add_object(generic.StreamObject(stream_data=paint))
    font = generic.DictionaryObject({
        generic.pdf_name("/Type"): generic.pdf_name("/Font"),
        generic.pdf_name("/Subtype"): generic.pdf_name("/Type1"),
        generic.pdf_name("/BaseFont"): generic.pdf_name("/Helvetica-Bold"),
    })
    resources = generic.DictionaryObject({
        generic.pdf_name("/Font"): generic.DictionaryObject({
            generic.pdf_name("/FForged"): writer.add_object(font)}),
    })
    writer.add_stream_to_page(0, stream, resources=resources)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--trust", type=Path, required=True)
    options = parser.parse_args()
    office = pki.Office()

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pages.register_fonts({
            "Inter": fonts.to_truetype("Regular", work),
            "Inter-SemiBold": fonts.to_truetype("SemiBold", work),
            "Inter-Bold": fonts.to_truetype("Bold", work),
        })

        def family(key):
            path = work / f"{key}.pdf"
            pages.family_card(path, people.FAMILIES[key])
            return path.read_bytes()

        birth = work / "akta.pdf"
        pages.birth_certificate(birth, people.BIRTH)
        with freeze_time(SIGNED_AT):
            ready = sign_long_term(family("ready"), office)
            certificate = sign_long_term(birth.read_bytes(), office)
            genuine = sign_long_term(family("tampered"), office)
        with freeze_time(EXPIRED_SIGNED_AT):
            expired = sign_basic(family("expired"), office)

    results = {
        "kk-siap.pdf": ready,
        "akta-kelahiran.pdf": certificate,
        "kk-diubah.pdf": tamper(genuine),
        "kk-penandatangan-kedaluwarsa.pdf": expired,
    }
    options.documents.mkdir(parents=True, exist_ok=True)
    for file, data in results.items():
        (options.documents / file).write_bytes(data)
        print(f"{hashlib.sha256(data).hexdigest()}  {file}  {len(data)} bytes")

    der = serialization.Encoding.DER
    for place, data in {
        "roots/root-contoh-demonstrasi.pem": office.root.pem(),
        "issuers/ca-penerbit-contoh-demonstrasi.pem": office.issuer.pem(),
        "crl/root-contoh-demonstrasi.crl": office.root_list.public_bytes(der),
        "crl/ca-penerbit-contoh-demonstrasi.crl": office.issuer_list.public_bytes(der),
    }.items():
        path = options.trust / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
