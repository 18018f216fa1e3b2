"""Signers that are Python libraries: endesive and pyHanko."""

import io
import sys
import types

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from asn1crypto import crl
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, fields, signers, timestamps
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.validation import add_validation_info
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen import canvas

# endesive's other half, which verifies, needs a library that does not know OpenSSL 3.0.10 and later.
for name in ("endesive.pdf.verify", "endesive.verifier"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].PDFVerifier = sys.modules[name].verify = None
from endesive.pdf import cms as endesive_cms  # noqa: E402

PADES = SigSeedSubFilter.PADES
ADBE = SigSeedSubFilter.ADOBE_PKCS7_DETACHED
BOXES = ((50, 50, 150, 100), (200, 50, 300, 100), (350, 50, 450, 100))


def page(link=False, pages=1):
    """A page by ReportLab."""
    out = io.BytesIO()
    drawn = canvas.Canvas(out, pagesize=(595, 842))
    for _ in range(pages):
        drawn.drawString(100, 700, "KARTU KELUARGA CONTOH - BUKAN DOKUMEN SAH")
        if link:
            drawn.linkURL("https://contoh.invalid/", (10, 10, 50, 50))
        drawn.showPage()
    drawn.save()
    return out.getvalue()


def endesive(pki, document, signer, field, box=BOXES[0], url=None, digest="sha256", **more):
    options = {
        "sigflags": 3, "sigpage": 0, "sigfield": field, "auto_sigfield": True,
        "signaturebox": box, "signature": "Ditandatangani (contoh)", "location": "Rekaan",
        "contact": "peraga@contoh.invalid", "reason": "Peragaan",
        "signingdate": "D:20261120000000+00'00'", **more}
    key = load_pem_private_key((pki.folder / (signer + ".key")).read_bytes(), None)
    return document + endesive_cms.sign(
        document, options, key, pki.certificates[signer], [pki.issuer, pki.root], digest,
        tspurl=url)


class PyHanko:
    def __init__(self, pki, authority):
        self.pki = pki
        self.authority = timestamps.HTTPTimeStamper(authority.url)
        self.lists = [crl.CertificateList.load((pki.folder / (name + ".crl")).read_bytes())
                      for name in ("root", "issuer")]

    def _context(self):
        chain = signers.load_certs_from_pemder([self.pki.path("chain.pem")])
        issuer, root = list(chain)
        return ValidationContext(trust_roots=[root], other_certs=[issuer], crls=self.lists,
                                 allow_fetching=False, revocation_mode="hard-fail")

    def sign(self, document, signer, field, box=None, page=0, stamp=True, lasting=False,
             new=True, pss=False, digest="sha256", subfilter=PADES, **more):
        own = signers.SimpleSigner.load(
            self.pki.path(signer + ".key"), self.pki.path(signer + ".pem"),
            ca_chain_files=[self.pki.path("chain.pem")], prefer_pss=pss)
        if lasting:
            more.update(embed_validation_info=True, validation_context=self._context())
        writer = IncrementalPdfFileWriter(io.BytesIO(document), strict=False)
        spec = SigFieldSpec(field, box=box, on_page=page) if new else None
        return PdfSigner(
            PdfSignatureMetadata(
                field_name=field, md_algorithm=digest, subfilter=subfilter, **more),
            signer=own, timestamper=self.authority if stamp else None, new_field_spec=spec,
        ).sign_pdf(writer, bytes_reserved=20000).getvalue()

    def three(self, document, **more):
        for number, (signer, box) in enumerate(zip(("budi", "sari", "eko"), BOXES), 1):
            document = self.sign(document, signer, "Sig%d" % number, box, **more)
        return document

    def lasting(self, document):
        """With validation data for its last signature."""
        out = io.BytesIO()
        add_validation_info(
            PdfFileReader(io.BytesIO(document)).embedded_regular_signatures[-1], self._context(),
            output=out)
        return out.getvalue()

    @staticmethod
    def fields(document, names):
        writer = IncrementalPdfFileWriter(io.BytesIO(document), strict=False)
        for name, box in zip(names, BOXES):
            fields.append_signature_field(writer, SigFieldSpec(name, box=box))
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    def certified(self):
        """Certified for filling fields, of which one is filled."""
        document = self.fields(page(link=True), ("A", "B"))
        document = self.sign(document, "budi", "A", new=False, certify=True,
                             docmdp_permissions=MDPPerm.FILL_FORMS)
        return self.sign(document, "sari", "B", new=False, lasting=True)
