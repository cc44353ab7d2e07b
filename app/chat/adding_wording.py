"""Texts of the chat in Thai and in English: adding articles, and the jobs that take them in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# key: (Thai, English)
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "add.about": (
            "เพิ่มข่าวได้ 3 วิธี ระหว่างที่ระบบจัดเก็บยังถามข่าวได้ตามปกติ และปิดหน้านี้ไปก่อนได้",
            "There are three ways to add articles. Questions are answered meanwhile, and you may leave this page.",
        ),
        "add.may_not": (
            "คีย์ของคุณใช้อ่านได้อย่างเดียว จึงเพิ่มข่าวไม่ได้ หากต้องการเพิ่ม โปรดขอคีย์ที่มีสิทธิ์เขียนจากผู้ดูแลระบบ",
            "Your key may read but not write, so you cannot add articles. Whoever runs this server can give you another.",
        ),
        "add.optional": ("ไม่ใส่ก็ได้", "optional"),
        "add.send": ("เพิ่มเข้าคลัง", "Add to the library"),
        "add.cancel": ("ยกเลิกการส่ง", "Cancel sending"),
        "add.sending": ("กำลังส่งขึ้นเซิร์ฟเวอร์", "Sending to the server"),
        "add.sent": ("ส่งแล้ว ดูความคืบหน้าได้ในรายการงานด้านล่าง", "Sent. Its progress is in the list below."),
        "add.cancelled": ("ยกเลิกการส่งแล้ว ไม่มีอะไรถูกเก็บไว้", "Cancelled: nothing of it is kept."),
        "add.not_sent": (
            "ส่งไปยังเซิร์ฟเวอร์ไม่สำเร็จ โปรดตรวจการเชื่อมต่อแล้วลองใหม่",
            "This did not reach the server. Check the connection and try again.",
        ),
        "add.signed_out": (
            "หมดเวลาเข้าสู่ระบบแล้ว โปรดโหลดหน้านี้ใหม่เพื่อเข้าสู่ระบบอีกครั้ง",
            "You are no longer signed in. Load this page again to sign in.",
        ),
        "add.files": ("จากไฟล์", "From files"),
        "add.files.choose": ("เลือกไฟล์ข่าว หรือลากมาวางที่นี่", "Choose files with articles, or drop them here"),
        "add.files.help": (
            "รับ txt, md, html, jsonl, json, csv, tsv, RSS และ Atom จะบีบอัดเป็น .gz ก็ได้ "
            "ครั้งละไม่เกิน {files} ไฟล์ รวมกันไม่เกิน {most} MB",
            "Files of txt, md, html, jsonl, json, csv, tsv, RSS or Atom, packed as .gz or not; up to {files} at a time, "
            "{most} MB together.",
        ),
        "add.files.none": ("ยังไม่ได้เลือกไฟล์", "Choose a file first."),
        "add.files.many": ("ส่งได้ครั้งละไม่เกิน {most} ไฟล์", "Send up to {most} files at a time."),
        "add.files.large": ("ไฟล์รวมกันใหญ่เกิน {most} MB", "Together, these files are larger than {most} MB."),
        "add.text": ("วางข้อความ", "Paste a text"),
        "add.text.title": ("พาดหัว", "Headline"),
        "add.text.source": ("สำนักข่าว", "Outlet"),
        "add.text.date": ("วันที่เผยแพร่", "Date published"),
        "add.text.date_help": (
            "พิมพ์ได้ทั้ง พ.ศ. และ ค.ศ. เช่น 12 ก.ย. 2566, 12/9/2566 หรือ “เมื่อวานนี้”",
            "In either era, for instance 12 Sep 2023, 2023-09-12, 12/9/2566 or yesterday",
        ),
        "add.text.body": ("เนื้อข่าว", "Text of the article"),
        "add.text.none": ("ยังไม่ได้ใส่เนื้อข่าว", "Paste the text of the article first."),
        "add.text.long": (
            "เนื้อข่าวยาวเกิน 1 MB ให้บันทึกเป็นไฟล์แล้วเพิ่มจากไฟล์แทน",
            "The text is longer than 1 MB: save it as a file and add that.",
        ),
        "add.text.long_field": ("{field}ยาวเกิน {most} ตัวอักษร", "{field}: longer than {most} characters."),
        "add.text.no_date": (
            "“{value}” ไม่ใช่วันที่ ลองพิมพ์แบบ 12 ก.ย. 2566 หรือ 2023-09-12",
            "“{value}” is not a date; type 12 Sep 2023 or 2023-09-12, for instance.",
        ),
        "add.text.many_days": (
            "“{value}” กินเวลาหลายวัน ({days}) โปรดระบุวันเดียว",
            "“{value}” is more than one day ({days}): name the day.",
        ),
        "add.urls": ("จากเว็บ", "From the web"),
        "add.urls.label": ("ที่อยู่เว็บ (URL) บรรทัดละ 1 รายการ", "Web addresses, one a line"),
        "add.urls.help": (
            "หน้าข่าว ฟีด RSS หรือ Atom ครั้งละไม่เกิน {most} รายการ",
            "Pages of articles, or RSS and Atom feeds, up to {most} at a time.",
        ),
        "add.urls.none": ("ยังไม่ได้ใส่ที่อยู่เว็บ", "Write a web address first."),
        "add.urls.many": ("ส่งได้ครั้งละไม่เกิน {most} รายการ", "Send up to {most} web addresses at a time."),
        "add.jobs": ("งานเพิ่มข่าวล่าสุด", "Latest additions"),
        "add.jobs.none": ("ยังไม่เคยเพิ่มข่าวจากหน้าเว็บนี้", "Nothing has been added through this server yet."),
        "add.pasted": ("ข้อความที่วาง: {title}", "Pasted: {title}"),
        "add.more_sources": ("และอีก {more} รายการ", "and {more} more"),
        "add.at": ("{day} {time} น.", "{day}, {time}"),
        "add.stop": ("หยุด", "Stop"),
        "add.stop.what": ("หยุดงาน {sources}", "Stop adding {sources}"),
        "add.state.waiting": ("รอคิว", "Waiting"),
        "add.state.running": ("กำลังเพิ่ม", "Under way"),
        "add.state.done": ("เสร็จแล้ว", "Done"),
        "add.state.failed": ("ไม่สำเร็จ", "Failed"),
        "add.state.stopped": ("หยุดแล้ว", "Stopped"),
        "add.stage.waiting": ("รอให้งานก่อนหน้าเสร็จ", "Waiting for its turn"),
        "add.stage.starting": ("กำลังเริ่ม", "Starting"),
        "add.stage.reading": ("กำลังอ่านและจัดเก็บข่าว", "Reading and storing articles"),
        "add.stage.indexing": ("กำลังทำดัชนีเพื่อให้ค้นพบ", "Making them searchable"),
        "add.progress": ("ความคืบหน้า: {sources}", "Progress: {sources}"),
        "add.so_far": ("อ่านแล้ว {articles} ข่าว", "Articles read so far: {articles}"),
        "add.so_far.refused": ("อ่านไม่ได้ {refused} รายการ", "could not be read: {refused}"),
        "add.count.new": ("ข่าวใหม่", "new"),
        "add.count.changed": ("แก้ไขจากเดิม", "changed"),
        "add.count.same": ("มีอยู่แล้ว", "unchanged"),
        "add.count.copies": ("ซ้ำกับสำนักอื่น", "same story from another outlet"),
        "add.count.refused": ("อ่านไม่ได้", "could not be read"),
        "add.reasons": ("สาเหตุที่อ่านไม่ได้", "What could not be read, and why"),
        "add.reasons.more": ("และอีก {more} รายการ", "and {more} more"),
        "add.told": ("{sources}: {stands}", "{sources}: {stands}."),
        "add.told.counts": ("{counts}", "{counts}."),
    }
)  # fmt: skip
