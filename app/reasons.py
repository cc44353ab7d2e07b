"""What the libraries below say in English, as one line in the person's language.

A message without its Thai here is shown in English: a precise reason in the other language is worth more than
a vague one. Values in it (files, numbers, quoted text) stay as they are.
"""

from __future__ import annotations

import re

from app.terminal import one_line
from corpus.article import Language

_LONGEST = 400  # characters of one message

# Each stands at the end of a message, mostly after "what it is about: ".
_THAI = [
    (re.compile(rf"(?:(?<=: )|^){english}$"), thai)
    for english, thai in [
        (r"No such file or directory", "ไม่มีไฟล์หรือโฟลเดอร์นี้"),
        (r"Permission denied", "ไม่มีสิทธิ์อ่านหรือเขียน"),
        (r"No space left on device", "ดิสก์เต็ม"),
        (r"Is a directory", "เป็นโฟลเดอร์ ไม่ใช่ไฟล์"),
        (r"Not a directory", "ไม่ใช่โฟลเดอร์"),
        (r"Read-only file system", "ที่เก็บนี้เขียนไม่ได้"),
        (r"File name too long", "ชื่อไฟล์ยาวเกินไป"),
        (r"Input/output error", "อ่านหรือเขียนดิสก์ไม่ได้"),
        (r"not a regular file", "ไม่ใช่ไฟล์ธรรมดา"),
        (r"names no source", "ไม่ได้ระบุว่าจะอ่านจากที่ใด"),
        (r"matches no file", "ไม่มีไฟล์ที่ตรงกับรูปแบบนี้"),
        (r"no file here ends in (.+)", r"ในนี้ไม่มีไฟล์ที่ลงท้ายด้วย \1"),
        (r"empty", "ว่างเปล่า"),
        (r"larger than ([\d,]+) bytes", r"ใหญ่เกิน \1 ไบต์"),
        (r"a line of more than ([\d,]+) bytes", r"มีบรรทัดยาวเกิน \1 ไบต์"),
        (r"not JSON: (.+)", r"ไม่ใช่ JSON: \1"),
        (r"not a JSON object: (.+)", r"ไม่ใช่ออบเจกต์ JSON: \1"),
        (r"no column for the body among: (.+)", r"ไม่มีคอลัมน์เนื้อข่าว มีแต่ \1"),
        (r"broken header: (.+)", r"หัวตารางเสีย: \1"),
        (r"broken row: (.+)", r"แถวนี้เสีย: \1"),
        (r"(\d+) fields under (\d+) columns", r"มี \1 ช่อง แต่ตารางมี \2 คอลัมน์"),
        (r"feed without entries", "ฟีดนี้ไม่มีข่าว"),
        (r"not a feed: .+", "ไม่ใช่ฟีด RSS หรือ Atom"),
        (r"(?:feed|HTML) that cannot be read \((.+)\)", r"อ่านโครงสร้างไม่ได้ (\1)"),
        (r"no article text found in the page", "ไม่พบเนื้อข่าวในหน้านี้"),
        (r"body: missing", "ไม่มีเนื้อข่าว (body)"),
        (r"body: empty, nothing but space, markup or page furniture: (.+)", r"เนื้อข่าว (body) ไม่มีข้อความ: \1"),
        (r"(?:body: binary, not text: )(.+)", r"เนื้อข่าว (body) ไม่ใช่ข้อความ: \1"),
        (r"(.+) is binary, not text", r"\1 ไม่ใช่ข้อความ"),
        (r"(\w+): not text: (.+)", r"\1 ไม่ใช่ข้อความ: \2"),
        (r"(\w+): longer than (\d+) characters: (.+)", r"\1 ยาวเกิน \2 ตัวอักษร: \3"),
        (r"not a date: (.+)", r"ไม่ใช่วันที่: \1"),
        (r"no such day: (.+)", r"ไม่มีวันที่นี้: \1"),
        (r"not a plausible year: (.+)", r"ปีนี้เป็นไปไม่ได้: \1"),
        (r"(OTEL_\w+) is set, which needs khao\[otel\]: .+", r"ตั้งค่า \1 ไว้ แต่ยังไม่ได้ติดตั้ง khao[otel]"),
        (r"(OTEL_\w+ '.*') is not an http or https address", r"\1 ไม่ใช่ที่อยู่ http หรือ https"),
        (r"(OTEL_\w+ '.*') is neither (\S+) nor (\S+)", r"\1 ใช้ไม่ได้ ต้องเป็น \2 หรือ \3"),
        (r"not an http or https address(?:: (.+))?", "ไม่ใช่ที่อยู่ http หรือ https"),
        (r"not a web address(?:: (.+))?", "ไม่ใช่ที่อยู่เว็บ"),
        (
            r"(\S+) leads to (\S+), which is not on the public internet",
            r"\1 ชี้ไปที่ \2 ซึ่งไม่อยู่บนอินเทอร์เน็ตสาธารณะ",
        ),
        (r"(\S+) is not on the public internet", r"\1 ไม่อยู่บนอินเทอร์เน็ตสาธารณะ"),
        (r"host (\S+) not found", r"ไม่พบเครื่อง \1"),
        (r"the server answered (\d+)", r"เซิร์ฟเวอร์ตอบ \1"),
        (r"more than (\d+) redirects", r"ถูกส่งต่อเกิน \1 ครั้ง"),
        (r"no whole answer within (\S+) seconds", r"ตอบไม่ครบภายใน \1 วินาที"),
        (
            r"([\d,]+) in a row without an article, the rest is not read",
            r"อ่านข่าวไม่ได้ติดกัน \1 รายการ จึงไม่อ่านส่วนที่เหลือ",
        ),
        (r"Not a gzipped file .+", "ไม่ใช่ไฟล์ gzip"),
        (r"Compressed file ended before .+", "ไฟล์ gzip ขาดหายตอนท้าย"),
        (r"(?:Error -\d+ while decompressing|CRC check failed).*", "ไฟล์ gzip เสีย"),
        (r"(\S+) data that ends early", r"ข้อมูล \1 ขาดหายตอนท้าย"),
        (r"broken (\S+) data", r"ข้อมูล \1 เสีย"),
        (r"there is no setting (.+)", r"ไม่มีการตั้งค่าชื่อ \1"),
        (r"(llm_\w+) is not set, though (llm_\w+) is", r"ตั้งค่า \2 ไว้ แต่ยังไม่ได้ตั้งค่า \1"),
        (r"(llm_url '.*') is no http or https address", r"\1 ไม่ใช่ที่อยู่ http หรือ https"),
        (r"(llm_unsupported '.*') is neither drop nor mark", r"\1 ใช้ไม่ได้ ต้องเป็น drop หรือ mark"),
        (r"there is no such file", "ไม่มีไฟล์นี้"),
        (r"(.+) is no GGUF file", r"\1 ไม่ใช่ไฟล์ GGUF"),
        (r"an? (?:LLM|GGUF file) needs (khao\[[\w-]+\]): .+", r"ใช้โมเดลภาษาต้องติดตั้ง \1 ก่อน"),
        (r"(\w+ = .+) is not an? \w+", r"ค่านี้ใช้ไม่ได้ \1"),
        (r"(.+) is not a Khao library", r"\1 ไม่ใช่คลังข่าวของ Khao"),
        (
            r"(.+) is a library of version (\d+); this Khao .+ (\d+)",
            r"\1 เป็นคลังข่าวรุ่น \2 แต่ Khao นี้อ่านได้ถึงรุ่น \3",
        ),
        (r"(.+) is not a Khao ledger", r"\1 ไม่ใช่ทะเบียนของ Khao"),
        (
            r"(.+) is a ledger of version (\d+); this Khao .+ (\d+)",
            r"\1 เป็นทะเบียนรุ่น \2 แต่ Khao นี้อ่านได้ถึงรุ่น \3",
        ),
        (r"the ledger cannot be read or written: (.+)", r"อ่านหรือเขียนทะเบียนไม่ได้: \1"),
        (r"Address already in use", "ที่อยู่นี้มีโปรแกรมอื่นใช้อยู่"),
        (r"Cannot assign requested address", "ไม่มีที่อยู่นี้ในเครื่อง"),
        (r"Name or service not known", "ไม่รู้จักชื่อเครื่องนี้"),
        (r"the library cannot be read or written: (.+)", r"อ่านหรือเขียนคลังข่าวไม่ได้: \1"),
        (
            r"(.+) is in use by another Khao process: .+",
            r"\1: Khao อีกโปรเซสหนึ่งใช้อยู่ ปิดโปรเซสนั้นก่อน หรือใช้เซิร์ฟเวอร์ Chroma ร่วมกันผ่าน KHAO_CHROMA_URL",
        ),
        (r"no Chroma server answers at (\S+): .+", r"ไม่มีเซิร์ฟเวอร์ Chroma ตอบที่ \1"),
        (r"(-?\d+) of (\d+) passages have no vector by (.+)", r"ข้อความ \1 จาก \2 ยังไม่มีเวกเตอร์ของ \3"),
        (
            r"(\d+) passages have no vector by this model: run khao check --repair",
            r"ข้อความ \1 ส่วนยังไม่มีเวกเตอร์ของโมเดลนี้ สั่ง khao check --repair",
        ),
        (r"the vector index was wrong and is rebuilt: (.+)", r"ดัชนีเวกเตอร์ผิดพลาดและสร้างใหม่แล้ว: \1"),
        (
            r"the lexical index holds (\d+) passages, the library (\d+)",
            r"ดัชนีคำมี \1 ข้อความ แต่คลังข่าวมี \2 ข้อความ",
        ),
    ]
]


def explain(problem: Exception | str, ui: Language) -> str:
    """Return an exception or a library's message as one safe line in language `ui`."""
    line = one_line(problem if isinstance(problem, str) else _message(problem), _LONGEST)
    for english, thai in _THAI if ui == "th" else ():
        said, found = english.subn(thai, line, count=1)
        if found:
            return said
    return line


def _message(error: Exception) -> str:
    """What an exception says, the file first: Python's own order is [Errno 2] ...: 'file'."""
    if isinstance(error, OSError) and error.strerror:
        return ": ".join(str(part) for part in (error.filename, error.strerror) if part is not None)
    return str(error) or type(error).__name__
