"""Which documents there are: one function for each producer."""

import dataclasses
import re

import raw
import stamps
from python_signers import ADBE, BOXES, PyHanko, endesive, page

LEFT, RIGHT = "60,90,200,140", "260,90,400,140"
ADOBE, CADES = "adbe.pkcs7.detached", "ETSI.CAdES.detached"


@dataclasses.dataclass
class Document:
    name: str
    producer: str
    content: bytes
    signers: list
    special: str
    #: Length of what the last person signed.
    printed: int
    verdict: str = "valid"
    reason: str = "ok"


class Collection:
    def __init__(self):
        self.documents = []

    def add(self, name, producer, content, signers, special, printed=None, fault=None):
        """`fault`: verdict and reason where the producer does not do what the rules ask."""
        verdict, reason = fault or ("valid", "ok")
        self.documents.append(Document(
            name, producer, content, signers.split(), special, printed or len(content), verdict,
            reason))
        return content


def all_documents(pki, authority, tools):
    found = Collection()
    itext5(found, tools)
    itext2(found, tools)
    pdfbox(found, tools)
    poppler(found, tools)
    libreoffice(found, tools)
    openssl(found, pki, tools)
    endesive_documents(found, pki, authority, tools)
    others(found, tools)
    pyhanko(found, pki, authority, tools)
    return found.documents


def itext5(found, tools):
    kind = "iText 5"
    plain = tools.itext5("page")
    one = found.add(
        "itext5-adbe", kind, tools.itext5("sign", plain, "budi", field="A", box=LEFT, stamp=True),
        "budi", "visible, time stamp")
    two = found.add(
        "itext5-two", kind, tools.itext5(
            "sign", one, "sari", field="B", box=RIGHT, stamp=True, cades="yes", digest="SHA-512"),
        "budi sari", "second one CAdES, RSA 4096, SHA-512")
    found.add(
        "itext5-itext2", "iText 5, iText 2", tools.itext2(one, "sari", "B", box=RIGHT),
        "budi sari", "iText 2 leaves its mark in the page tree")
    found.add(
        "itext5-poppler-new", "iText 5, poppler", tools.poppler(one, "sari"), "budi sari",
        "poppler does not enter its field into a form that is written inside the catalog",
        fault=("invalid", "modified_after_signing"))
    lasting = found.add(
        "itext5-two-lt", kind, tools.itext5("ltv", two, field="A,B", lists=True), "budi sari",
        "validation data after the last signature", len(two))
    found.add(
        "itext5-two-lta", kind, tools.itext5("stamp", lasting, field="Arsip", stamp=True),
        "budi sari", "validation data and a document time stamp", len(two))
    found.add(
        "itext5-revinfo", kind, tools.itext5("sign", plain, "budi", field="A", lists=True), "budi",
        "invisible; revocation lists inside the signature")
    form = tools.itext5("page", fields="A,B")
    first = found.add(
        "itext5-certified", kind, tools.itext5("sign", form, "budi", field="A", certify="2"),
        "budi", "certified for filling fields; a second field waits")
    found.add(
        "itext5-certified-filled", kind,
        tools.itext5("sign", first, "sari", field="B", stamp=True, cades="yes"), "budi sari",
        "the waiting field is filled")
    closed = tools.itext5("sign", form, "eko", field="Segel", certify="1")
    found.add(
        "itext5-closed-lt", kind, tools.itext5("ltv", closed, field="Segel", lists=True), "eko",
        "certified against every change; validation data", len(closed))
    packed = tools.itext5("sign", tools.itext5("page", objstm="yes"), "budi", field="A")
    second = found.add(
        "itext5-packed-two", kind,
        tools.itext5("sign", packed, "sari", field="B", box=RIGHT, page="2"), "budi sari",
        "object streams; the form's resources grow with the second signature")
    found.add(
        "itext5-packed-two-lt", kind, tools.itext5("ltv", second, field="A,B", lists=True),
        "budi sari", "the same with validation data", len(second))
    described = tools.itext5("page", xmp="yes")
    first = tools.itext5("sign", described, "budi", field="A", box=LEFT, stamp=True)
    found.add(
        "itext5-xmp-lt", kind, tools.itext5("ltv", first, field="A", lists=True), "budi",
        "validation data; the dates in the XMP description change and swap places", len(first))
    found.add(
        "itext5-xmp-two", kind, tools.itext5("sign", first, "sari", field="B", box=RIGHT),
        "budi sari", "XMP description, which iText rewrites with every signature")
    found.add(
        "itext5-ec", kind, tools.itext5("sign", plain, "tono", field="A"), "tono",
        "names the key's type where the signature algorithm belongs (P-256)",
        fault=("invalid", "algorithm_mismatch"))


def itext2(found, tools):
    kind = "iText 2"
    plain = tools.itext2_page()
    one = found.add(
        "itext2-visible", kind, tools.itext2(plain, "budi", "A", box=LEFT), "budi", "visible")
    found.add(
        "itext2-two", kind, tools.itext2(one, "sari", "B", box=RIGHT), "budi sari",
        "both halves of the file's identifier change")
    certified = found.add(
        "itext2-certified", kind, tools.itext2(plain, "eko", "Segel", 2), "eko",
        "certified for filling fields, invisible")
    found.add(
        "itext2-itext5", "iText 2, iText 5",
        tools.itext5("sign", certified, "sari", field="B", stamp=True), "eko sari",
        "invisible second signature after a certification")


def pdfbox(found, tools):
    kind = "PDFBox"
    plain = tools.pdfbox_page()
    one = found.add(
        "pdfbox-visible", kind, tools.pdfbox(plain, "budi", box="60,90,140,50"), "budi", "visible")
    found.add(
        "pdfbox-two", kind,
        tools.pdfbox(one, "sari", box="260,90,140,50", cades="yes", stamp=True), "budi sari",
        "second one CAdES with a time stamp over SHA-512")
    found.add(
        "pdfbox-pss", kind, tools.pdfbox(plain, "budi", algorithm="SHA256WithRSAandMGF1"), "budi",
        "invisible, RSASSA-PSS, BER")
    found.add(
        "pdfbox-ec", kind, tools.pdfbox(plain, "tono", algorithm="SHA256WithECDSA", cades="yes"),
        "tono", "CAdES, P-256")
    certified = tools.pdfbox(plain, "eko", certify="2")
    found.add(
        "pdfbox-certified", kind, tools.pdfbox(certified, "sari"), "eko sari",
        "certified for filling fields, then an invisible signature")
    found.add(
        "pdfbox-waiting", kind,
        tools.pdfbox(tools.pdfbox_page(empty="A"), "sari", fill="A", algorithm="SHA512WithRSA"),
        "sari", "fills a field of its own, SHA-512")
    packed = found.add(
        "pdfbox-packed", kind, tools.pdfbox(
            tools.qpdf(page(True), "--object-streams=generate"), "budi", stamp=True),
        "budi", "object streams; leaves its cross-reference stream out of its own table")
    found.add(
        "pdfbox-packed-two", kind, tools.pdfbox(packed, "sari", box="260,90,140,50"),
        "budi sari", "the same once more")


def poppler(found, tools):
    kind = "poppler"
    one = found.add(
        "poppler-new", kind,
        tools.poppler(tools.pdfbox_page(), "budi", "-reason", "Peragaan"), "budi",
        "new visible field, embedded font")
    found.add("poppler-two", kind, tools.poppler(one, "sari"), "budi sari", "two of them")
    form = tools.itext5("page", fields="A,B")
    first = found.add(
        "poppler-cades", kind, tools.poppler(form, "sari", "-etsi", existing="A"), "sari",
        "CAdES in a waiting field")
    found.add(
        "poppler-itext5", "poppler, iText 5",
        tools.itext5("sign", first, "budi", field="B", stamp=True), "sari budi",
        "the other waiting field filled by iText")
    signed = tools.itext5("sign", form, "budi", field="A")
    found.add(
        "itext5-poppler", "iText 5, poppler", tools.poppler(signed, "sari", existing="B"),
        "budi sari", "the other waiting field filled by poppler")


def libreoffice(found, tools):
    kind = "LibreOffice"
    one = found.add(
        "libreoffice", kind, tools.libreoffice("Budi Rekaan"), "budi",
        "exported and signed in one go")
    archive = found.add(
        "libreoffice-pdfa", kind, tools.libreoffice("Sari Peraga, S.Uji.", 2), "sari", "PDF/A-2b")
    found.add(
        "libreoffice-pdfbox", "LibreOffice, PDFBox", tools.pdfbox(one, "sari"), "budi sari",
        "the trailer's own key /DocChecksum goes with the update")
    found.add(
        "libreoffice-itext5", "LibreOffice, iText 5",
        tools.itext5("sign", archive, "budi", field="B", box=RIGHT), "sari budi",
        "LibreOffice's form and page share their resources, and iText adds to them",
        fault=("invalid", "modified_after_signing"))
    found.add(
        "libreoffice-stamp", kind, tools.libreoffice("Budi Rekaan", 2, True), "budi",
        "its time stamp is about the whole message instead of the signature's value",
        fault=("untrusted", "bad_timestamp"))


def openssl(found, pki, tools):
    kind = "OpenSSL"

    def add(name, special, signer, *arguments, subfilter=ADOBE, stamp=None, chain=True, **layout):
        document = raw.page(subfilter, **layout)
        message = raw.openssl(document, pki, signer, *arguments, chain=chain)
        if stamp:
            message = stamps.stamped(message, pki, stamp)
        found.add("openssl-" + name, kind, raw.filled(document, message), signer, special)

    add("adbe", "without signing-certificate", "budi", "-md", "sha256")
    add("keyid", "signer named by key identifier", "budi", "-md", "sha256", "-keyid")
    add("cades", "CAdES, SHA-384", "budi", "-cades", "-md", "sha384", subfilter=CADES)
    add("cades-ts", "CAdES with a time stamp", "budi", "-cades", "-md", "sha256", subfilter=CADES,
        stamp="sha256")
    add("pss", "RSASSA-PSS", "budi", "-cades", "-md", "sha256", "-keyopt", "rsa_padding_mode:pss",
        subfilter=CADES)
    add("p256", "P-256", "tono", "-md", "sha256")
    add("p384-ts", "P-384, SHA-384, time stamp over SHA-512", "wati", "-cades", "-md", "sha384",
        subfilter=CADES, stamp="sha512")
    add("rsa4096-sha512", "RSA 4096, SHA-512, CR LF everywhere", "sari", "-md", "sha512",
        eol=b"\r\n")
    add("no-chain", "without the issuer's certificates", "budi", "-md", "sha256", chain=False)
    reserved = tools.itext5("blank", tools.itext5("page"), field="A", box=LEFT)
    message = raw.openssl(reserved, pki, "sari", "-md", "sha256")
    found.add(
        "itext5-openssl", "iText 5, OpenSSL",
        tools.itext5("fill", reserved, field="A", cms=message), "sari",
        "place reserved by iText, signature from elsewhere")


def endesive_documents(found, pki, authority, tools):
    kind = "endesive"
    one = found.add("endesive", kind, endesive(pki, page(), "budi", "A"), "budi", "visible")
    found.add(
        "endesive-two", kind,
        endesive(pki, one, "sari", "B", BOXES[1], authority.url, "sha512"), "budi sari",
        "second one with a time stamp, SHA-512")
    found.add(
        "endesive-pdfbox", "endesive, PDFBox", tools.pdfbox(one, "sari", cades="yes", stamp=True),
        "budi sari", "invisible second signature by PDFBox")


def others(found, tools):
    found.add("tcpdf-certified", "TCPDF", tools.tcpdf("budi", "2"), "budi",
              "certified for filling fields")
    one = found.add("tcpdf-approval", "TCPDF", tools.tcpdf("budi", "A"), "budi", "approval")
    found.add(
        "tcpdf-itext5", "TCPDF, iText 5",
        tools.itext5("sign", one, "sari", field="B", stamp=True), "budi sari",
        "iText rewrites the XMP description and the form's resources")
    found.add("origami", "Origami", tools.origami("budi"), "budi", "invisible")
    visible = found.add(
        "origami-visible", "Origami", tools.origami("eko", "visible"), "eko", "visible")
    found.add(
        "origami-pdfbox", "Origami, PDFBox",
        tools.pdfbox(visible, "sari", box="260,90,140,50"), "eko sari", "second signature")
    found.add(
        "podofo", "PoDoFo", tools.podofo(tools.pdfbox_page(), "budi"), "budi",
        "signs twice in one message", fault=("refuse", "multiple_signer_infos"))
    form = tools.itext5("page", fields="A")
    number = re.search(rb"(\d+) 0 obj\s*<<[^>]*?/FT/Sig", form)[1]
    found.add(
        "mupdf", "MuPDF", tools.mupdf(form, "budi", int(number)), "budi", "digest SHA-1",
        fault=("refuse", "weak_digest"))


def pyhanko(found, pki, authority, tools):
    """The corpus's own producer, on pages by others."""
    kind = "pyHanko"
    signer = PyHanko(pki, authority)
    three = "budi sari eko"
    found.add("pyhanko-three", kind, signer.three(page()), three, "three visible")
    found.add("pyhanko-three-links", kind, signer.three(page(True)), three, "pages with links")
    found.add(
        "pyhanko-three-packed", kind,
        signer.three(tools.qpdf(page(True), "--object-streams=generate")), three,
        "on object streams")
    found.add(
        "pyhanko-three-linear", kind, signer.three(tools.qpdf(page(True), "--linearize")), three,
        "on a linearized file")
    lasting = signer.three(page(True), lasting=True)
    found.add("pyhanko-three-lt", kind, lasting, three, "validation data between and after",
              raw.ends(lasting)[-1])
    stamped = signer.three(page(True), lasting=True, use_pades_lta=True)
    found.add("pyhanko-three-lta", kind, stamped, three, "document time stamps",
              raw.ends(stamped)[-2])
    found.add(
        "pyhanko-revinfo", kind,
        signer.sign(page(), "budi", "Sig1", BOXES[0], lasting=True, subfilter=ADBE), "budi",
        "revocation lists inside the signature")
    found.add("pyhanko-plain", kind, signer.sign(page(), "budi", "Sig1", stamp=False,
                                                 subfilter=ADBE), "budi", "invisible")
    certified = signer.certified()
    found.add("pyhanko-certified", kind, certified, "budi sari", "certified, fills waiting fields",
              raw.ends(certified)[-1])
    found.add("pyhanko-pss", kind, signer.sign(page(), "budi", "Sig1", BOXES[0], pss=True), "budi",
              "RSASSA-PSS")
    pages = signer.sign(page(True, 3), "budi", "Sig1", BOXES[0])
    found.add("pyhanko-page-three", kind, signer.sign(pages, "sari", "Sig2", BOXES[1], page=2),
              "budi sari", "second signature on another page")
    named = signer.sign(page(), "budi", "form.a", BOXES[0])
    found.add("pyhanko-hierarchy", kind, signer.sign(named, "sari", "form.b", BOXES[1]),
              "budi sari", "fields form.a and form.b")
    found.add("pyhanko-sha512", kind, signer.sign(page(), "sari", "Sig1", BOXES[0],
                                                  digest="sha512"), "sari", "SHA-512, RSA 4096")
    lasting = signer.sign(page(True), "budi", "A", BOXES[0], lasting=True)
    found.add(
        "pyhanko-itext5", "pyHanko, iText 5",
        tools.itext5("sign", lasting, "sari", field="B", box=RIGHT, stamp=True), "budi sari",
        "iText takes the version that pyHanko raised back")
    found.add(
        "pyhanko-itext5-lta", "pyHanko, iText 5",
        tools.itext5("stamp", lasting, field="Arsip", stamp=True), "budi",
        "iText's document time stamp brings resources and a style for the form",
        raw.ends(lasting)[-1])
    described = tools.itext5("sign", tools.itext5("page", xmp="yes"), "budi", field="A")
    found.add(
        "itext5-pyhanko-lt", "iText 5, pyHanko", signer.lasting(described), "budi",
        "pyHanko adds validation data and lays the XMP description out anew", len(described))
