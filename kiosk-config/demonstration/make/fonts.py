"""Inter as TrueType outlines: the PDF library embeds those only, Debian ships PostScript ones."""

from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

SOURCE = Path("/usr/share/fonts/opentype/inter")  # Debian package fonts-inter
# In font units; Inter has 2048 to the em, so this is far below what a printer resolves.
TOLERANCE = 1.0


def to_truetype(weight: str, folder: Path) -> Path:
    font = TTFont(SOURCE / f"Inter-{weight}.otf")
    outlines = font.getGlyphSet()
    glyphs = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder = font.getGlyphOrder()
    table.glyphs = glyphs
    del font["CFF "]
    for unused in ("VORG", "GPOS", "GSUB", "GDEF"):
        if unused in font:
            del font[unused]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
        "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
        "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours",
        "maxComponentDepth",
    ):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
    path = folder / f"Inter-{weight}.ttf"
    font.save(path)
    return path
