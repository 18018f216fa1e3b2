"""CMS signatures and time-stamp tokens over a digest."""

import hashlib

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

import people

SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"})
serial = iter(range(1000, 9999))


def attribute(kind, value):
    return cms.CMSAttribute({"type": kind, "values": (value,)})


def message(party, certificates, kind, digest, content):
    certificate = x509.Certificate.load(party.der)
    binding = tsp.SigningCertificateV2(
        {"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(party.der).digest()})]})
    attributes = cms.CMSAttributes([
        attribute("content_type", kind), attribute("message_digest", digest),
        attribute("signing_certificate_v2", binding)])
    signer = cms.SignerInfo({
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber({
            "issuer": certificate.issuer, "serial_number": certificate.serial_number})}),
        "digest_algorithm": SHA256, "signed_attrs": attributes,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        "signature": party.key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))})
    data = cms.SignedData({
        "version": "v1" if kind == "data" else "v3", "digest_algorithms": [SHA256],
        "encap_content_info": content,
        "certificates": [x509.Certificate.load(item.der) for item in certificates],
        "signer_infos": [signer]})
    return cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()


def signature(office, party, digest):
    content = cms.ContentInfo({"content_type": "data"})
    return message(party, [party, office.issuer], "data", digest, content)


def token(office, digest):
    info = tsp.TSTInfo({
        "version": "v1", "policy": "1.2.3.4.5", "serial_number": next(serial),
        "message_imprint": {"hash_algorithm": SHA256, "hashed_message": digest},
        "gen_time": people.SIGNED}).dump()
    content = cms.EncapsulatedContentInfo(
        {"content_type": "tst_info", "content": core.ParsableOctetString(info)})
    return message(
        office.clock, [office.clock, office.issuer], "tst_info",
        hashlib.sha256(info).digest(), content)
