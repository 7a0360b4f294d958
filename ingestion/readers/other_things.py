"""What people send by mistake, by its first bytes: named, with what to send instead."""

import re

from ingestion.readers.refused import Refused

_SAVE_AS_XLSX = ("เปิดใน Excel แล้วบันทึกเป็น .xlsx", "open it in Excel and save it as .xlsx")
_SEND_ORIGINAL = ("ส่งแฟ้มต้นฉบับ .docx หรือ .xlsx", "send the original, .docx or .xlsx")
_SAVE_AS_DOCX = ("เปิดใน Word แล้วบันทึกเป็น .docx", "open it in Word and save it as .docx")
_UNPACK = ("แตกแฟ้มแล้วส่งแฟ้มข้างใน", "unpack it and send the files inside")
# First bytes → the name in Thai and English, and what to do.
_BEGINNINGS = [
    (rb"\{\\rtf", "เอกสาร RTF", "an RTF document", _SAVE_AS_DOCX),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM....\0\0\0\0|....ftyphei|RIFF....WEBP",
        "ภาพ",
        "a picture",
        _SEND_ORIGINAL,
    ),
    (rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh\d|\xfd7zXZ", "แฟ้มบีบอัด", "a packed archive", _UNPACK),
    (rb"ID;P", "ตาราง SYLK", "a SYLK table", _SAVE_AS_XLSX),
    (rb"TABLE\r?\n0,1\r?\n", "ตาราง DIF", "a DIF table", _SAVE_AS_XLSX),
    (
        rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00",
        "Excel รุ่นก่อนปี 1997",
        "an Excel file older than 1997",
        _SAVE_AS_XLSX,
    ),
    (rb"SQLite format 3|PAR1|\0\x01\0\0Standard ", "ฐานข้อมูล", "a database", _SAVE_AS_XLSX),
    (rb"MZ|\x7fELF|#!", "โปรแกรม", "a program", _SEND_ORIGINAL),
    (rb"\[InternetShortcut\]|L\0\0\0\x01\x14\x02", "ทางลัด", "a shortcut", _SEND_ORIGINAL),
    (rb"%!PS", "เอกสาร PostScript", "a PostScript document", _SEND_ORIGINAL),
]
_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t]+[^\n]*\r?\n)*)+")
_OFFICE_XML = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|mso-application\s+progid")
_LINK = re.compile(rb"\{\s*\"(?:url|doc_id)\"\s*:")


def refuse(data: bytes) -> None:
    """Raises Refused, naming what `data` is, where it is none of what can be read."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    for beginning, name_th, name_en, (do_th, do_en) in _BEGINNINGS:
        if re.match(beginning, start, re.DOTALL) or re.match(beginning, data, re.DOTALL):
            raise Refused("unknown_layout", f"{name_th} ให้{do_th}", f"{name_en}; {do_en}")
    headers = _HEADERS.match(start)
    if headers and re.search(rb"^(?:mime-version|content-type):", headers[0], re.I | re.M):
        raise Refused(
            "unknown_layout",
            f"หน้าเว็บแฟ้มเดียวหรืออีเมล (MHTML) ให้{_SAVE_AS_XLSX[0]}",
            f"a single-file web page or a mail (MHTML); {_SAVE_AS_XLSX[1]}",
        )
    if start[:1] == b"<" and _OFFICE_XML.search(start):
        raise Refused(
            "unknown_layout",
            f"ตาราง XML ของ Excel 2003 ให้{_SAVE_AS_XLSX[0]}",
            f"an XML table of Excel 2003; {_SAVE_AS_XLSX[1]}",
        )
    if _LINK.match(start):
        raise Refused(
            "unknown_layout",
            "เป็นเพียงลิงก์ไปยังเอกสารออนไลน์ ให้ดาวน์โหลดเป็น .xlsx หรือ .docx แล้วส่ง",
            "only a link to an online document; download it as .xlsx or .docx and send that",
        )


def name_zip(names: set[str], kind: bytes) -> Refused:
    """The refusal of a zip that we do not read; `kind`: what it says that it is."""
    if b"opendocument" in kind:
        do_th, do_en = _SAVE_AS_DOCX
        return Refused(
            "unknown_layout",
            f"เอกสาร OpenDocument ที่ไม่ใช่ตาราง ให้{do_th}",
            f"an OpenDocument that is no spreadsheet; {do_en}",
        )
    for part, name_th, name_en in (
        ("ppt/", "งานนำเสนอ PowerPoint", "a PowerPoint presentation"),
        ("Index/", "แฟ้มของ Apple Numbers หรือ Pages", "a file of Apple Numbers or Pages"),
        ("META-INF/container.xml", "หนังสืออิเล็กทรอนิกส์", "an e-book"),
    ):
        if any(name.startswith(part) for name in names):
            do_th, do_en = _SEND_ORIGINAL
            return Refused("unknown_layout", f"{name_th} ให้{do_th}", f"{name_en}; {do_en}")
    return Refused(
        "unknown_layout",
        f"แฟ้ม zip ที่ไม่ใช่ .xlsx หรือ .docx หากเป็นหลายแฟ้มให้{_UNPACK[0]}",
        f"a zip that is neither .xlsx nor .docx; if it packs several files, {_UNPACK[1]}",
    )
