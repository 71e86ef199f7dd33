"""Files of the demo: small, and such as a sales rep would have. The same words always give the same bytes."""

import io
import math
import struct
import wave
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFilter

PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>"
    ),
}
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LONG_AGO = (2026, 1, 1, 0, 0, 0)


def letter(title: str, lines: Sequence[tuple[str, str]]) -> bytes:
    """A Word document: a title, then what and how much, a paragraph each."""
    head = f'<w:p><w:r><w:rPr><w:b/><w:sz w:val="32"/></w:rPr><w:t>{escape(title)}</w:t></w:r></w:p>'
    body = "".join(
        f'<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{escape(what)}：</w:t></w:r><w:r><w:t>{escape(said)}</w:t></w:r></w:p>'
        for what, said in lines
    )
    parts = PARTS | {"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{head}{body}</w:body></w:document>'}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), XML + content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def drawing(number: str, width: int, height: int) -> bytes:
    """A sheet in PDF: a plate with four holes, its measures in millimetres, and a title block."""
    left, below, scale = 120, 190, 2.4
    right, above = left + width * scale, below + height * scale
    holes = [(x, y) for x in (left + 30, right - 30) for y in (below + 30, above - 30)]
    lines = [f"0.8 w {left} {below} {right - left:.1f} {above - below:.1f} re S"]
    lines += [_circle(x, y, 9) for x, y in holes]
    lines += [
        "0.3 w",
        f"{left} {below - 24} m {right:.1f} {below - 24} l S",
        f"{left - 24} {below} m {left - 24} {above:.1f} l S",
        _said((left + right) / 2 - 8, below - 36, str(width)),
        _said(left - 48, (below + above) / 2, str(height)),
        _said(right + 12, above - 24, "4 x dia 8 H7"),
        "0.8 w 560 40 250 70 re S",
        _said(570, 88, f"DWG {number}   REV A"),
        _said(570, 68, "MATERIAL DC01   T 1.5 +/-0.05"),
        _said(570, 48, "SCALE 1:1   UNIT mm"),
    ]
    stream = "\n".join(lines).encode()
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )


def _circle(x: float, y: float, radius: float) -> str:
    """Four curves."""
    bend = radius * 0.5523
    return (
        f"{x + radius:.1f} {y:.1f} m {x + radius:.1f} {y + bend:.1f} {x + bend:.1f} {y + radius:.1f} {x:.1f} {y + radius:.1f} c"
        f" {x - bend:.1f} {y + radius:.1f} {x - radius:.1f} {y + bend:.1f} {x - radius:.1f} {y:.1f} c"
        f" {x - radius:.1f} {y - bend:.1f} {x - bend:.1f} {y - radius:.1f} {x:.1f} {y - radius:.1f} c"
        f" {x + bend:.1f} {y - radius:.1f} {x + radius:.1f} {y - bend:.1f} {x + radius:.1f} {y:.1f} c S"
    )


def _said(x: float, y: float, words: str) -> str:
    return f"BT /F1 10 Tf {x:.1f} {y:.1f} Td ({words}) Tj ET"


def _pdf(objects: Sequence[bytes]) -> bytes:
    whole, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    whole += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(whole)


def photo(hue: int) -> bytes:
    """A sample part on a bench, as a JPEG."""
    picture = Image.new("RGB", (960, 720), (112, 104, 96))
    draw = ImageDraw.Draw(picture)
    for line in range(0, 720, 6):
        shade = 96 + line // 12
        draw.line((0, line, 960, line), (shade + 16, shade + 8, shade), 6)
    draw.rounded_rectangle((210, 190, 770, 560), 36, (70, 66, 60))
    draw.rounded_rectangle((196, 172, 756, 542), 36, (150 + hue, 158, 168))
    draw.rounded_rectangle((240, 216, 712, 498), 18, (176 + hue, 184, 192))
    for x, y in ((276, 252), (676, 252), (276, 462), (676, 462)):
        draw.ellipse((x - 22, y - 22, x + 22, y + 22), (58, 56, 54))
    draw.rectangle((408, 300, 544, 414), (92, 98, 106))
    file = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(file, "JPEG", quality=72)
    return file.getvalue()


def recording(seconds: int) -> bytes:
    """A call that says nothing: the ringing tone of 450 Hz, one second on and one off."""
    rate, file = 8000, io.BytesIO()
    second = b"".join(struct.pack("<h", int(9000 * math.sin(2 * math.pi * 450 * n / rate))) for n in range(rate))
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"".join(second if n % 2 == 0 else bytes(len(second)) for n in range(seconds)))
    return file.getvalue()
