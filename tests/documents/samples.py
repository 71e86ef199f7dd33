"""Files of every format, as small as they get."""

import io
import zipfile


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 40)
    return file.getvalue()


def ole(stream: str) -> bytes:
    """A compound file whose directory lies in its second sector and names this stream."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    head[48:52] = (1).to_bytes(4, "little")
    return bytes(head) + bytes(512) + "Root Entry".encode("utf-16-le").ljust(128, b"\0") + stream.encode("utf-16-le").ljust(4000, b"\0")


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + bytes(40)
WAV = b"RIFF\x24\0\0\0WAVEfmt " + bytes(40)
DOCX = packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = packed("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")

FORMATS: dict[str, tuple[bytes, str, str]] = {
    "说明.pdf": (PDF, "application/pdf", "pdf"),
    "a.png": (PNG, "image/png", "picture"),
    "a.jpg": (JPEG, "image/jpeg", "picture"),
    "a.gif": (b"GIF89a" + bytes(20), "image/gif", "picture"),
    "a.bmp": (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp", "picture"),
    "a.tif": (b"II*\0" + bytes(20), "image/tiff", "picture"),
    "a.webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp", "picture"),
    "a.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic", "picture"),
    "a.avif": (b"\0\0\0\x18ftypavif\0\0\0\0", "image/avif", "picture"),
    "a.mp3": (b"ID3\x03\0\0\0\0\0\x0a" + bytes(20), "audio/mpeg", "audio"),
    "b.mp3": (b"\xff\xfb\x90\x64" + bytes(20), "audio/mpeg", "audio"),
    "a.aac": (b"\xff\xf1\x50\x80" + bytes(20), "audio/aac", "audio"),
    "a.m4a": (b"\0\0\0\x20ftypM4A \0\0\2\0", "audio/mp4", "audio"),
    "手机录音.m4a": (b"\0\0\0\x18ftypmp42\0\0\0\0", "audio/mp4", "audio"),
    "a.amr": (b"#!AMR\n" + bytes(20), "audio/amr", "audio"),
    "a.wav": (WAV, "audio/wav", "audio"),
    "a.ogg": (b"OggS\0\2" + bytes(20), "audio/ogg", "audio"),
    "a.mp4": (b"\0\0\0\x20ftypisom\0\0\2\0", "video/mp4", "video"),
    "a.mov": (b"\0\0\0\x14ftypqt  \0\0\2\0", "video/quicktime", "video"),
    "a.3gp": (b"\0\0\0\x18ftyp3gp4\0\0\2\0", "video/3gpp", "video"),
    "a.dwg": (b"AC1032\0\0\0\0" + bytes(20), "image/vnd.dwg", "drawing"),
    "a.dxf": (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "image/vnd.dxf", "drawing"),
    "a.step": (b"ISO-10303-21;\nHEADER;\n", "model/step", "drawing"),
    "a.docx": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "office"),
    "a.xlsx": (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "office"),
    "a.doc": (ole("WordDocument"), "application/msword", "office"),
    "a.xls": (ole("Workbook"), "application/vnd.ms-excel", "office"),
    "a.sldprt": (ole("Contents"), "application/x-ole-storage", "other"),
    "a.zip": (packed("a.txt"), "application/zip", "archive"),
    "a.rar": (b"Rar!\x1a\x07\x01\0", "application/vnd.rar", "archive"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(20), "application/x-7z-compressed", "archive"),
    "a.txt": ("用量：每年三十万件\r\n".encode(), "text/plain", "text"),
    "b.txt": ("用量：每年三十万件\r\n".encode("gb18030"), "text/plain", "text"),
    "a.prt": (b"\x12\x34\x00\x01UGC" + bytes(range(32)), "application/octet-stream", "other"),
}
PROGRAMS = {
    "setup.exe": b"MZ\x90\0" + bytes(60),
    "报价.pdf": b"MZ\x90\0" + bytes(60),
    "a.bin": b"\x7fELF\2\1\1" + bytes(40),
    "a": b"#!/bin/sh\nrm -rf /\n",
    "a.bat": b"del *.*\r\n",
    "a.vbs": b"MsgBox 1\r\n",
    "a.jar": packed("META-INF/MANIFEST.MF", "A.class"),
}
PAGES = {
    "a.html": b"<!DOCTYPE html><html><body>",
    "图纸.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "说明.txt": "你好 <script>alert(1)</script>".encode(),
    "b.txt": "<html>".encode("utf-16"),
    "c.txt": b"\xef\xbb\xbf  <HTML>",
    "a.mht": b"MIME-Version: 1.0\r\n",
}
