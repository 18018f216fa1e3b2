"""Draws the demonstration documents: Kartu Keluarga and Kutipan Akta Kelahiran, A4.

Everybody and everything on them is invented, and every page says CONTOH.
"""

from dataclasses import dataclass, field
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

INK = HexColor("#1b1f24")
MUTED = HexColor("#5b6470")
RULE = HexColor("#9aa3ad")
BAND = HexColor("#e8edf2")
ACCENT = HexColor("#0b5c7a")
MARK = Color(0.80, 0.10, 0.10, alpha=0.13)

OFFICE = "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"
REGENCY = "KABUPATEN CONTOH"
SIGNER = "Dra. REKA CONTOH DEMONSTRASI, M.Si."
NOTICE = (
    "Dokumen demonstrasi. Semua orang, nomor, alamat dan jabatan di dalamnya direka; "
    "tidak berlaku untuk keperluan apa pun."
)


@dataclass
class Member:
    name: str
    nik: str
    sex: str
    birthplace: str
    birthdate: str
    religion: str
    education: str
    work: str
    blood: str
    marital: str
    married_on: str
    relation: str
    father: str
    mother: str


@dataclass
class Family:
    number: str
    head: str
    address: str
    rt_rw: str
    village: str
    district: str
    postcode: str
    issued: str
    members: list[Member] = field(default_factory=list)


@dataclass
class Birth:
    number: str
    name: str
    nik: str
    weekday_date: str
    place: str
    order: str
    sex: str
    father: str
    mother: str
    issued: str


def register_fonts(fonts: dict[str, Path]) -> None:
    for name, path in fonts.items():
        pdfmetrics.registerFont(TTFont(name, str(path)))


def start(path: Path, size, title: str) -> Canvas:
    canvas = Canvas(str(path), pagesize=size, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(f"{OFFICE} {REGENCY} (CONTOH)")
    canvas.setSubject(NOTICE)
    return canvas


def text(canvas, x, y, words, font="Inter", size=8.0, color=INK, align="left"):
    canvas.setFont(font, size)
    canvas.setFillColor(color)
    if align == "center":
        canvas.drawCentredString(x, y, words)
    elif align == "right":
        canvas.drawRightString(x, y, words)
    else:
        canvas.drawString(x, y, words)


def fitted(canvas, x, y, words, width, font="Inter", size=7.0, color=INK, align="left"):
    while size > 4.5 and pdfmetrics.stringWidth(words, font, size) > width:
        size -= 0.1
    text(canvas, x, y, words, font, size, color, align)


def crest(canvas, x, y, size):
    """A plain house in a ring: nobody's emblem."""
    canvas.saveState()
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1.4)
    canvas.circle(x, y, size / 2)
    path = canvas.beginPath()
    path.moveTo(x - size * 0.27, y - size * 0.22)
    path.lineTo(x - size * 0.27, y + size * 0.04)
    path.lineTo(x, y + size * 0.29)
    path.lineTo(x + size * 0.27, y + size * 0.04)
    path.lineTo(x + size * 0.27, y - size * 0.22)
    path.close()
    canvas.drawPath(path)
    canvas.restoreState()


def mark(canvas, width, height):
    """CONTOH across the page, above everything else, so no crop of it passes as genuine."""
    canvas.saveState()
    canvas.setFillColor(MARK)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(32)
    canvas.setFont("Inter-Bold", 132)
    canvas.drawCentredString(0, -46, "CONTOH")
    canvas.setFont("Inter-Bold", 34)
    for shift in (-1, 1):
        canvas.drawCentredString(shift * 190, shift * 140 - 12, "CONTOH  ·  CONTOH  ·  CONTOH")
    canvas.restoreState()
    text(canvas, width / 2, 8 * mm, NOTICE, "Inter-SemiBold", 6.6, HexColor("#a01818"), "center")


def signature_block(canvas, x, y, issued, payload):
    """QR and signer, at the lower right as citizens know it; (x, y) is its lower left corner."""
    widget = QrCodeWidget(payload, barLevel="M")
    left, bottom, right, top = widget.getBounds()
    side = 24 * mm
    drawing = Drawing(
        side, side, transform=[side / (right - left), 0, 0, side / (top - bottom), 0, 0]
    )
    drawing.add(widget)
    text(canvas, x, y + 32 * mm, f"Dikeluarkan tanggal {issued}", size=7.4)
    text(canvas, x, y + 28.2 * mm, f"KEPALA {OFFICE}", "Inter-SemiBold", 6.6)
    text(canvas, x, y + 25 * mm, f"{REGENCY} (CONTOH)", "Inter-SemiBold", 6.6)
    renderPDF.draw(drawing, canvas, x - 2 * mm, y - 1 * mm)
    words = x + side + 1 * mm
    text(canvas, words, y + 16 * mm, "Ditandatangani secara elektronik", size=6.4, color=MUTED)
    text(canvas, words, y + 11 * mm, SIGNER, "Inter-SemiBold", 7.2)
    text(canvas, words, y + 7 * mm, "NIP 99999999 999999 9 999", size=6.4, color=MUTED)
    text(canvas, words, y + 3 * mm, "Sertifikat demonstrasi, bukan BSrE", size=6.4, color=MUTED)


def table(canvas, x, top, widths, head, rows, row_height=5.4 * mm, head_height=9 * mm):
    total = sum(widths)
    canvas.setFillColor(BAND)
    canvas.rect(x, top - head_height, total, head_height, stroke=0, fill=1)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    bottom = top - head_height - row_height * len(rows)
    canvas.rect(x, bottom, total, top - bottom)
    edge = x
    for width in widths[:-1]:
        edge += width
        canvas.line(edge, bottom, edge, top)
    for index in range(len(rows)):
        level = top - head_height - row_height * index
        canvas.line(x, level, x + total, level)
    edge = x
    for column, width in enumerate(widths):
        lines = head[column].split("\n")
        for number, words in enumerate(lines):
            offset = head_height / 2 - 2 + (len(lines) / 2 - number - 0.5) * 7
            fitted(
                canvas, edge + width / 2, top - head_height + offset, words, width - 4,
                "Inter-SemiBold", 6.0, INK, "center",
            )
        for row, values in enumerate(rows):
            y = top - head_height - row_height * (row + 1) + 1.8 * mm
            centred = column == 0
            fitted(
                canvas, edge + (width / 2 if centred else 2.5), y, values[column], width - 5,
                "Inter", 6.6, INK, "center" if centred else "left",
            )
        edge += width
    return bottom


def family_card(path: Path, family: Family) -> None:
    width, height = landscape(A4)
    margin = 12 * mm
    canvas = start(path, (width, height), "Kartu Keluarga CONTOH")
    crest(canvas, margin + 9 * mm, height - 19 * mm, 17 * mm)
    text(canvas, width / 2, height - 17 * mm, "KARTU KELUARGA", "Inter-Bold", 21, ACCENT, "center")
    text(canvas, width / 2, height - 24 * mm, f"No. {family.number}", "Inter-SemiBold", 12.5, INK,
         "center")
    text(canvas, width - margin, height - 14 * mm, OFFICE, "Inter-SemiBold", 6.6, MUTED, "right")
    text(canvas, width - margin, height - 17.6 * mm, f"{REGENCY} (CONTOH)", "Inter", 6.6, MUTED,
         "right")
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1.1)
    canvas.line(margin, height - 30 * mm, width - margin, height - 30 * mm)
    left = [
        ("Nama Kepala Keluarga", family.head), ("Alamat", family.address),
        ("RT/RW", family.rt_rw), ("Kode Pos", family.postcode),
    ]
    right = [
        ("Desa/Kelurahan", family.village), ("Kecamatan", family.district),
        ("Kabupaten/Kota", REGENCY), ("Provinsi", "DEMONSTRASI"),
    ]
    for column, pairs in ((margin, left), (width / 2 + 6 * mm, right)):
        for index, (label, value) in enumerate(pairs):
            y = height - 36 * mm - index * 4.8 * mm
            text(canvas, column, y, label, size=7.6, color=MUTED)
            text(canvas, column + 40 * mm, y, ":", size=7.6, color=MUTED)
            text(canvas, column + 42.5 * mm, y, value, "Inter-SemiBold", 7.8)
    rows = [
        [str(index + 1), m.name, m.nik, m.sex, m.birthplace, m.birthdate, m.religion,
         m.education, m.work, m.blood]
        for index, m in enumerate(family.members)
    ]
    while len(rows) < 6:
        rows.append([str(len(rows) + 1)] + ["-"] * 9)
    full = width - 2 * margin
    shares = [3, 20, 14, 9, 10, 8.5, 7.5, 11, 11.5, 5.5]
    widths = [full * share / sum(shares) for share in shares]
    bottom = table(
        canvas, margin, height - 57 * mm, widths,
        ["No.", "Nama Lengkap", "NIK", "Jenis\nKelamin", "Tempat Lahir", "Tanggal\nLahir",
         "Agama", "Pendidikan", "Jenis\nPekerjaan", "Gol.\nDarah"], rows)
    rows = [
        [str(index + 1), m.marital, m.married_on, m.relation, "WNI", "-", "-", m.father, m.mother]
        for index, m in enumerate(family.members)
    ]
    while len(rows) < 6:
        rows.append([str(len(rows) + 1)] + ["-"] * 8)
    shares = [3, 12, 10, 15, 10, 9, 9, 16, 16]
    widths = [full * share / sum(shares) for share in shares]
    bottom = table(
        canvas, margin, bottom - 4 * mm, widths,
        ["No.", "Status\nPerkawinan", "Tanggal\nPerkawinan", "Status Hubungan\nDalam Keluarga",
         "Kewarga-\nnegaraan", "No. Paspor", "No. KITAP", "Nama Ayah", "Nama Ibu"], rows)
    text(canvas, margin, bottom - 12 * mm, "Kepala Keluarga", size=7.2, color=MUTED)
    text(canvas, margin, bottom - 27 * mm, family.head, "Inter-SemiBold", 7.8)
    canvas.setStrokeColor(RULE)
    canvas.line(margin, bottom - 28.2 * mm, margin + 55 * mm, bottom - 28.2 * mm)
    text(canvas, margin, bottom - 32 * mm, "Tanda tangan/cap jempol", size=6.4, color=MUTED)
    signature_block(
        canvas, width - margin - 88 * mm, bottom - 40.5 * mm, family.issued,
        f"CONTOH KK {family.number} DOKUMEN DEMONSTRASI TIDAK BERLAKU")
    mark(canvas, width, height)
    canvas.showPage()
    canvas.save()


def birth_certificate(path: Path, birth: Birth) -> None:
    width, height = A4
    margin = 22 * mm
    canvas = start(path, A4, "Kutipan Akta Kelahiran CONTOH")
    letterhead(canvas, width, height)
    text(canvas, width / 2, height - 62 * mm, "PENCATATAN SIPIL", "Inter-SemiBold", 11, MUTED,
         "center")
    text(canvas, width / 2, height - 71 * mm, "KUTIPAN AKTA KELAHIRAN", "Inter-Bold", 20, ACCENT,
         "center")
    text(canvas, width / 2, height - 79 * mm, f"Nomor {birth.number}", "Inter-SemiBold", 11, INK,
         "center")
    sentences = [
        ("Berdasarkan Akta Kelahiran Nomor", birth.number),
        ("bahwa di", birth.place),
        ("pada hari dan tanggal", birth.weekday_date),
        ("telah lahir", birth.name),
        ("NIK", birth.nik),
        ("anak", birth.order),
        ("jenis kelamin", birth.sex),
        ("dari ayah", birth.father),
        ("dan ibu", birth.mother),
    ]
    for index, (label, value) in enumerate(sentences):
        y = height - 97 * mm - index * 9.2 * mm
        text(canvas, margin, y, label, size=10, color=MUTED)
        text(canvas, margin + 66 * mm, y, value, "Inter-SemiBold", 10.5)
        canvas.setStrokeColor(BAND)
        canvas.line(margin + 66 * mm, y - 2.2 * mm, width - margin, y - 2.2 * mm)
    text(canvas, margin, height - 188 * mm,
         "Kutipan ini dikeluarkan di Kabupaten Contoh dan dicetak pada kertas HVS A4 80 g.",
         size=9, color=MUTED)
    signature_block(
        canvas, width - margin - 84 * mm, 34 * mm, birth.issued,
        f"CONTOH AKTA {birth.number} DOKUMEN DEMONSTRASI TIDAK BERLAKU")
    text(canvas, margin, 16 * mm, "Halaman 1 dari 2", size=7.5, color=MUTED)
    mark(canvas, width, height)
    canvas.showPage()

    letterhead(canvas, width, height)
    text(canvas, width / 2, height - 64 * mm, "CATATAN PINGGIR", "Inter-Bold", 16, ACCENT,
         "center")
    text(canvas, width / 2, height - 71 * mm, f"Kutipan Akta Kelahiran Nomor {birth.number}",
         size=9.5, color=MUTED, align="center")
    columns = [width - 2 * margin]
    columns = [12 * mm, 34 * mm, columns[0] - 46 * mm]
    bottom = table(
        canvas, margin, height - 80 * mm, columns, ["No.", "Tanggal", "Isi catatan"],
        [[str(number), "-", "-"] for number in range(1, 11)], row_height=9 * mm)
    notes = [
        "Keterangan",
        "1. Dokumen ini ditandatangani secara elektronik; tanda tangan basah dan cap tidak perlu.",
        "2. Data pada dokumen ini adalah contoh untuk demonstrasi anjungan.",
        "3. Perubahan elemen data memerlukan penerbitan dokumen baru oleh Dinas.",
    ]
    for index, words in enumerate(notes):
        text(canvas, margin, bottom - 12 * mm - index * 6 * mm, words,
             "Inter-SemiBold" if index == 0 else "Inter", 9)
    text(canvas, margin, 16 * mm, "Halaman 2 dari 2", size=7.5, color=MUTED)
    mark(canvas, width, height)
    canvas.showPage()
    canvas.save()


def letterhead(canvas, width, height):
    crest(canvas, width / 2, height - 24 * mm, 19 * mm)
    text(canvas, width / 2, height - 41 * mm, OFFICE, "Inter-Bold", 11.5, INK, "center")
    text(canvas, width / 2, height - 46.5 * mm, f"{REGENCY} (CONTOH)", "Inter", 9.5, MUTED,
         "center")
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1.1)
    canvas.line(22 * mm, height - 51 * mm, width - 22 * mm, height - 51 * mm)
