"""Every text of the HTTP API that a person may read, in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from corpus.article import Language

Texts = Mapping[str, tuple[str, str]]

# status: (Thai, English), the title of a problem
STATUSES: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        400: ("คำขอไม่ถูกต้อง", "Bad request"),
        401: ("ต้องมีคีย์ API", "API key required"),
        403: ("ไม่ได้รับอนุญาต", "Not allowed"),
        404: ("ไม่พบ", "Not found"),
        405: ("ใช้เมท็อดนี้ไม่ได้", "Method not allowed"),
        408: ("ส่งคำขอช้าเกินไป", "Request too slow"),
        409: ("ทำไม่ได้ในสถานะนี้", "Conflict"),
        413: ("คำขอใหญ่เกินไป", "Request too large"),
        415: ("ไม่รองรับชนิดข้อมูลนี้", "Unsupported media type"),
        421: ("เซิร์ฟเวอร์นี้ไม่ได้ใช้ชื่อที่เรียก", "Misdirected request"),
        422: ("ค่าที่ส่งมาใช้ไม่ได้", "Invalid value"),
        429: ("ส่งคำขอถี่เกินไป", "Too many requests"),
        431: ("ส่วนหัวใหญ่เกินไป", "Headers too large"),
        500: ("เกิดข้อผิดพลาดภายใน", "Internal error"),
        503: ("ยังไม่พร้อมให้บริการ", "Not available now"),
        507: ("พื้นที่เก็บข้อมูลเต็ม", "Storage full"),
    }
)

# code: (Thai, English), the title of a problem that its status does not name well
TITLES: Texts = MappingProxyType({"wrong_key": ("คีย์ API ใช้ไม่ได้", "API key not valid")})

# code: (Thai, English), the detail of a problem
PROBLEMS: Texts = MappingProxyType(
    {
        "bad_request": ("อ่านคำขอนี้ไม่ได้", "The request cannot be read."),
        "not_json": ("เนื้อความที่ส่งมาไม่ใช่ JSON", "The body is not JSON."),
        "invalid": ("{told}", "{told}"),
        "no_address": ("ไม่มีที่อยู่ {path} ดูรายการทั้งหมดที่ /docs", "There is nothing at {path}; /docs lists what there is."),
        "no_method": ("{path} ไม่รับเมท็อด {method}", "{path} does not take {method}."),
        "too_large": ("คำขอใหญ่เกิน {most} ไบต์", "The request is larger than {most} bytes."),
        "too_complex": ("เครื่องหมาย , [ {{ ในคำขอรวมกันเกิน {most} ตัว", "More than {most} of , [ and {{ are in the request."),
        "large_upload": (
            "ไฟล์ที่อัปโหลดใหญ่เกิน {most} MB ซึ่งเป็นค่าของ max_upload_mb",
            "The upload is larger than {most} MB, the setting max_upload_mb.",
        ),
        "large_headers": (
            "ส่วนหัวของคำขอใหญ่เกิน {most} ไบต์ หรือมีเกิน {lines} รายการ",
            "The request's headers are larger than {most} bytes, or more than {lines}.",
        ),
        "slow_body": ("ส่งคำขอไม่ครบภายใน {seconds} วินาที", "The request did not arrive within {seconds} seconds."),
        "no_key": (
            "ต้องส่งคีย์ API ในส่วนหัว Authorization: Bearer khao_… ขอได้จากผู้ดูแล ซึ่งสร้างด้วยคำสั่ง khao keys add",
            "Send an API key as Authorization: Bearer khao_…; whoever runs the server makes one with khao keys add.",
        ),
        "wrong_key": (
            "ไม่รู้จักคีย์ API นี้ หรือคีย์หมดอายุหรือถูกยกเลิกไปแล้ว",
            "This API key is unknown, expired or revoked.",
        ),
        "scope": (
            "คำขอนี้ต้องใช้คีย์ API ที่มีสิทธิ์ {scope}",
            "This takes an API key with the scope {scope}.",
        ),
        "no_host": ("ส่วนหัว Host ขาด ซ้ำ หรือผิดรูปแบบ", "The Host header is missing, repeated or malformed."),
        "host": (
            "เซิร์ฟเวอร์นี้ไม่ได้ชื่อ {host} ถ้าจะให้ใช้ชื่อนี้ได้ ต้องเพิ่มใน allowed_hosts (KHAO_ALLOWED_HOSTS)",
            "This server is not called {host}; names it may be called by go into the setting allowed_hosts "
            "(KHAO_ALLOWED_HOSTS).",
        ),
        "origin": (
            "หน้าเว็บของ {origin} ส่งคำขอนี้ไม่ได้ ถ้าจะอนุญาต ต้องเพิ่มใน cors_origins (KHAO_CORS_ORIGINS)",
            "Pages of {origin} may not send this; those that may go into the setting cors_origins "
            "(KHAO_CORS_ORIGINS).",
        ),
        "other_site": ("หน้าเว็บของเว็บไซต์อื่นส่งคำขอนี้ไม่ได้", "Pages of other sites may not send this."),
        "rate": (
            "คีย์ API นี้ส่งคำขอได้ไม่เกิน {most} ครั้งต่อนาที ลองใหม่ในอีก {seconds} วินาที",
            "This API key may send {most} requests a minute: try again in {seconds} seconds.",
        ),
        "failures": (
            "ส่งคำขอโดยไม่มีคีย์ API ที่ใช้ได้บ่อยเกินไป ลองใหม่ในอีก {seconds} วินาที",
            "Too many requests without an API key that is valid: try again in {seconds} seconds.",
        ),
        "blank": ("ยังไม่ได้พิมพ์อะไร ต้องมีตัวอักษรหรือตัวเลขอย่างน้อยหนึ่งตัว", "Blank: write at least one letter or digit."),
        "date": (
            "{value} ไม่ใช่วันที่ เขียนได้เช่น 2023-09-11, 11 ก.ย. 2566 หรือ ก.ย. 2566",
            "{value} is not a date; write 2023-09-11, 11 Sep 2023 or 2023-09, for instance.",
        ),
        "period": ("{since} อยู่หลัง {until}", "{since} is after {until}."),
        "cursor": ("{value} ไม่ใช่ค่า next ของรายการก่อนหน้า", "{value} is not the `next` of an earlier list."),
        "unknown_article": ("ไม่มีข่าวรหัส {value}", "No article has the id {value}."),
        "no_article": ("นำเข้าคลังไม่ได้แม้แต่ข่าวเดียว", "None of the articles could be taken in."),
        "media_type": (
            "ส่งเป็น application/json หรือ multipart/form-data เท่านั้น ไม่รับ {value}",
            "Send application/json or multipart/form-data, not {value}.",
        ),
        "broken_form": (
            "ฟอร์มที่ส่งมาเสียหรือมาไม่ครบ จึงไม่ได้เก็บอะไรไว้",
            "The form is broken, or was cut off; nothing of it is kept.",
        ),
        "no_source": ("ไม่มีทั้งไฟล์และที่อยู่เว็บ", "Send at least one file or web address."),
        "no_web_address": (
            "{value} ไม่ใช่ที่อยู่เว็บที่ขึ้นต้นด้วย http:// หรือ https://",
            "{value} is not a web address with http:// or https://.",
        ),
        "url_credentials": (
            "ที่อยู่เว็บต้องไม่มีชื่อผู้ใช้หรือรหัสผ่านอยู่ข้างใน",
            "A web address may not have a user name or password in it.",
        ),
        "many_urls": ("ส่งที่อยู่เว็บได้ครั้งละไม่เกิน {most} แห่ง", "Send up to {most} web addresses at a time."),
        "many_files": ("ส่งไฟล์ได้ครั้งละไม่เกิน {most} ไฟล์", "Send up to {most} files at a time."),
        "file_kind": (
            "ดูจากชื่อ {value} แล้วไม่ใช่ไฟล์ที่อ่านได้ ต้องลงท้ายด้วย .txt .md .html .jsonl .ndjson .json .csv .tsv .xml .rss หรือ .atom "
            "จะบีบอัดเป็น .gz ด้วยก็ได้",
            "By its name, {value} is no file that can be read: it has to end in .txt .md .html .jsonl .ndjson .json .csv "
            ".tsv .xml .rss or .atom, with .gz after that if it is packed.",
        ),
        "no_file": ("ต้องเป็นไฟล์ที่มีชื่อ", "Not a file with a name."),
        "unknown_field": ("ไม่มีช่องชื่อนี้", "There is no such field."),
        "many_jobs": (
            "มีงานรออยู่มากแล้ว รอให้งานเหล่านั้นเสร็จก่อนแล้วลองใหม่",
            "Too many jobs are waiting: try again when some of them are done.",
        ),
        "unknown_job": ("ไม่มีงานรหัส {value}", "No job has the id {value}."),
        "job_ended": ("งาน {value} จบไปแล้ว", "The job {value} has ended already."),
        "job_crashed": (
            "เซิร์ฟเวอร์ล่มขณะทำงานนี้ครบ {most} ครั้งแล้ว จึงไม่ทำต่อ",
            "This job has crashed the server {most} times and is not tried again.",
        ),
        "job_disk_full": (
            "ดิสก์ของเซิร์ฟเวอร์เต็ม ข่าวที่เก็บไว้ก่อนหน้านั้นยังอยู่ครบ",
            "The server's disk is full; what was stored before that is kept.",
        ),
        "job_nothing_read": ("อ่านไม่ได้แม้แต่ข่าวเดียว", "Not one article could be read."),
        "job_internal": (
            "เซิร์ฟเวอร์ทำงานผิดพลาด แจ้งผู้ดูแลพร้อมรหัสงานนี้ ข่าวที่เก็บไว้ก่อนหน้านั้นยังอยู่ครบ",
            "Something went wrong in the server: tell whoever runs it this job's id. What was stored before that is kept.",
        ),
        "many_articles": (
            "ส่งได้ครั้งละ 1 ถึง {most} ข่าว ถ้ามากกว่านั้นใช้ /v1/ingest",
            "Send 1 to {most} articles at a time; /v1/ingest takes any number.",
        ),
        "long_articles": (
            "เนื้อข่าวรวมกันได้ไม่เกิน {most} ตัวอักษรต่อครั้ง ถ้ามากกว่านั้นใช้ /v1/ingest",
            "Bodies may be {most} characters together; /v1/ingest takes more.",
        ),
        "long_answer": ("ยาวเกิน {most} ตัวอักษร", "longer than {most} characters"),
        "deep_answer": ("ซ้อนกันเกิน {most} ชั้น", "nested more than {most} deep"),
        "broken_answer": ("มีค่าที่ JSON เก็บไม่ได้ เช่น NaN หรืออักขระที่ไม่ใช่ Unicode", "holds NaN, infinity or half a character"),
        "model_not_found": (
            "ไม่มีโมเดล {value} ที่ทำงานนี้ได้ ใช้ {model}",
            "There is no model {value} for this; there is {model}.",
        ),
        "last_not_user": (
            "ข้อความสุดท้ายของบทสนทนาต้องเป็นของผู้ใช้ (role: user) เพราะถือเป็นคำถาม",
            "The last message must be the user's (role: user): it is the question.",
        ),
        "long_question": ("คำถามยาวเกิน {most} ตัวอักษร", "The question is longer than {most} characters."),
        "long_history": (
            "คำถามและคำตอบก่อนหน้ารวมกันยาวเกิน {most} ตัวอักษร",
            "The earlier turns are longer than {most} characters together.",
        ),
        "long_conversation": (
            "ข้อความทั้งหมดรวมกันยาวเกิน {most} ตัวอักษร",
            "The messages are longer than {most} characters together.",
        ),
        "not_text": ("ต้องเป็นข้อความ", "not a text"),
        "not_unicode": ("ไม่ใช่ข้อความ Unicode", "not Unicode text"),
        "only_text": ("Khao อ่านได้แต่ข้อความ ไม่รับ {value}", "Khao reads text only, not {value}."),
        "one_choice": ("Khao ให้คำตอบครั้งละคำตอบเดียว n จึงเป็นได้แค่ 1", "Khao gives one answer: n can only be 1."),
        "plain_text": (
            "Khao ตอบเป็นข้อความธรรมดาเท่านั้น ถ้าต้องการ JSON ใช้ /v1/ask",
            "Khao answers in plain text only; /v1/ask answers in JSON.",
        ),
        "no_logprobs": ("คำตอบของ Khao ไม่มี logprobs", "Answers of Khao have no logprobs."),
        "no_tools": ("Khao เรียกใช้เครื่องมือไม่ได้", "Khao calls no tools or functions."),
        "blank_text": ("ข้อความว่างเปล่า", "blank"),
        "long_text": ("ยาวเกิน {most} ตัวอักษร", "longer than {most} characters"),
        "long_texts": (
            "ข้อความทั้งหมดรวมกันยาวเกิน {most} ตัวอักษร",
            "The texts are longer than {most} characters together.",
        ),
        "many_texts": ("ส่งได้ครั้งละ 1 ถึง {most} ข้อความ", "Send 1 to {most} texts at a time."),
        "token_ids": ("ต้องส่งเป็นข้อความ ไม่ใช่รหัสโทเคน", "Send texts, not token ids."),
        "dimensions": (
            "เวกเตอร์ของโมเดลนี้มี {dimension} มิติเสมอ",
            "Vectors of this model always have {dimension} dimensions.",
        ),
        "opening": ("กำลังเปิดคลังข่าว โปรดลองใหม่ในอีกสักครู่", "The library is being opened: try again in a moment."),
        "busy": ("มีคำถามรออยู่มาก โปรดลองใหม่ในอีกสักครู่", "Too many questions are waiting: try again in a moment."),
        "closing": ("เซิร์ฟเวอร์กำลังปิด โปรดลองใหม่ในอีกสักครู่", "The server is closing: try again in a moment."),
        "too_slow": ("ตอบไม่ทันเวลา โปรดลองใหม่ในอีกสักครู่", "This took too long: try again in a moment."),
        "disk_full": (
            "ดิสก์ของเซิร์ฟเวอร์เต็ม ข่าวที่เก็บไว้แล้วยังอยู่ครบ",
            "The server's disk is full; everything stored already is kept.",
        ),
        "internal": (
            "เซิร์ฟเวอร์ทำงานผิดพลาด แจ้งผู้ดูแลพร้อมรหัสคำขอ {request_id}",
            "Something went wrong in the server. Tell whoever runs it the request id {request_id}.",
        ),
    }
)  # fmt: skip

# pydantic's error type: (Thai, English)
_VALUES: Texts = MappingProxyType(
    {
        "missing": ("ขาดค่านี้", "missing"),
        "extra_forbidden": ("ไม่มีช่องชื่อนี้", "there is no such field"),
        "string_too_short": ("สั้นเกินไป ต้องยาวอย่างน้อย {min_length} ตัวอักษร", "shorter than {min_length} characters"),
        "string_too_long": ("ยาวเกิน {max_length} ตัวอักษร", "longer than {max_length} characters"),
        "too_long": ("มีเกิน {max_length} รายการ", "more than {max_length} items"),
        "too_short": ("ต้องมีอย่างน้อย {min_length} รายการ", "fewer than {min_length} items"),
        "greater_than_equal": ("ต้องไม่น้อยกว่า {ge}", "less than {ge}"),
        "less_than_equal": ("ต้องไม่เกิน {le}", "more than {le}"),
        "literal_error": ("ต้องเป็น {expected}", "not {expected}"),
        "enum": ("ต้องเป็น {expected}", "not {expected}"),
        "string_type": ("ต้องเป็นข้อความ", "not a text"),
        "string_unicode": ("ไม่ใช่ข้อความ Unicode", "not Unicode text"),
        "int_type": ("ต้องเป็นจำนวนเต็ม", "not a whole number"),
        "int_parsing": ("ต้องเป็นจำนวนเต็ม", "not a whole number"),
        "int_parsing_size": ("ตัวเลขยาวเกินไป", "a number of too many digits"),
        "int_from_float": ("ต้องเป็นจำนวนเต็ม", "not a whole number"),
        "float_type": ("ต้องเป็นตัวเลข", "not a number"),
        "float_parsing": ("ต้องเป็นตัวเลข", "not a number"),
        "bool_type": ("ต้องเป็น true หรือ false", "neither true nor false"),
        "bool_parsing": ("ต้องเป็น true หรือ false", "neither true nor false"),
        "list_type": ("ต้องเป็นรายการ", "not a list"),
        "dict_type": ("ต้องเป็นออบเจกต์ JSON", "not a JSON object"),
        "model_type": ("ต้องเป็นออบเจกต์ JSON", "not a JSON object"),
        "model_attributes_type": ("ต้องเป็นออบเจกต์ JSON", "not a JSON object"),
    }
)  # fmt: skip


def wrong_value(error: Mapping[str, Any], ui: Language) -> str:
    """Return what one of pydantic's errors says; its own English where it has no text here."""
    text = _VALUES.get(str(error["type"]))
    context = {name: str(value)[:200] for name, value in (error.get("ctx") or {}).items()}
    if ui == "th" and "expected" in context:  # pydantic has listed the values in English
        context["expected"] = context["expected"].replace(" or ", " หรือ ")
    try:
        return text[ui == "en"].format(**context) if text else str(error["msg"])[:200]
    except KeyError:
        return str(error["msg"])[:200]
