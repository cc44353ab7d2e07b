"""What the help pages of the command line say, in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# key: (Thai, English)
HELP: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "help.usage": ("วิธีใช้", "Usage"),
        "help.arguments": ("ระบุ", "Arguments"),
        "help.options": ("ตัวเลือก", "Options"),
        "help.commands": ("คำสั่ง", "Commands"),
        "help.khao": (
            "ข่าว: ถามคลังข่าวได้ทั้งไทยและอังกฤษ ทุกคำตอบชี้ถึงประโยคที่มา",
            "Khao: ask a news corpus in Thai or English; every answer cites its exact sentences.",
        ),
        "help.ingest": ("นำข่าวเข้าคลัง", "Read articles into the library."),
        "help.ask": ("ถามคำถาม แล้วรับคำตอบพร้อมที่มา", "Answer a question, with its sources."),
        "help.search": ("ค้นข้อความในข่าว เรียงตามความตรง", "Find passages, best first."),
        "help.check": ("ตรวจว่าคลังข่าวกับดัชนีตรงกันหรือไม่", "Say whether library and indexes agree."),
        "help.eval": (
            "วัดคุณภาพด้วยชุดคำถาม เทียบผลรัน ร่างและตรวจชุดคำถาม",
            "Measure quality on gold questions; compare runs; draft and check gold questions.",
        ),
        "help.articles": ("ดู ลบ หรือส่งออกข่าวในคลัง", "List, show, delete or export stored articles."),
        "help.articles.list": ("แสดงรายการข่าว ใหม่สุดก่อน", "List articles, newest first."),
        "help.articles.show": ("แสดงข่าวทั้งข่าว", "Show one article in full."),
        "help.articles.delete": ("ลบข่าวออกจากคลัง", "Delete articles."),
        "help.articles.export": ("ส่งออกข่าวทั้งคลังเป็น JSONL", "Write every article as JSONL."),
        "help.sources": (
            "ไฟล์ โฟลเดอร์ รูปแบบชื่อไฟล์ ที่อยู่เว็บ หรือฟีด; - คือ JSONL จากอินพุตมาตรฐาน",
            "files, folders, globs, web addresses or feeds; - for JSONL on standard input",
        ),
        "help.question": ("คำถาม ภาษาไทยหรืออังกฤษ", "the question, in Thai or English"),
        "help.query": ("คำค้น ภาษาไทยหรืออังกฤษ", "what to look for, in Thai or English"),
        "help.id": ("รหัสข่าว", "the article's id"),
        "help.ids": ("รหัสข่าว ใส่ได้หลายรหัส", "the articles' ids"),
        "help.since": (
            "เฉพาะข่าวตั้งแต่วันนี้ เช่น 2023-09-11, 11 ก.ย. 66, ก.ย. 2566, 2566",
            "only articles from this day on: 2023-09-11, 11 Sep 2023, 2023-09, 2023",
        ),
        "help.until": ("เฉพาะข่าวถึงวันนี้ เขียนได้แบบเดียวกัน", "only articles up to this day, written likewise"),
        "help.source": ("เฉพาะสำนักข่าวนี้", "only articles of this outlet"),
        "help.lang": ("เฉพาะข่าวภาษานี้", "only articles in this language"),
        "help.top_k": ("จำนวนข้อความที่ค้นมาใช้", "how many passages to find"),
        "help.history": (
            'คำถามและคำตอบก่อนหน้า ไฟล์ JSONL บรรทัดละ {"question", "answer"}',
            'earlier turns, a JSONL file of {"question", "answer"}',
        ),
        "help.no_llm": (
            "ตอบด้วยประโยคจากข่าวโดยตรง แม้ตั้งค่าโมเดลภาษาไว้",
            "quote the articles, though a language model is set",
        ),
        "help.stream": (
            "แสดงทีละประโยคทันทีที่ตรวจแล้ว ใช้กับ --json จะได้ JSON บรรทัดละรายการ: citation, statement และ answer",
            "print each statement as soon as it is checked; with --json one object a line: citation, statement, answer",
        ),
        "help.limit": ("จำนวนข่าวที่แสดง", "how many articles to list"),
        "help.after": ("แสดงต่อจากรายการก่อน ตามค่าที่บอกไว้ท้ายรายการนั้น", "go on from where an earlier list stopped"),
        "help.text": ("เฉพาะข่าวที่พาดหัวมีคำนี้", "only headlines that contain this"),
        "help.output": ("เขียนลงไฟล์นี้แทนหน้าจอ", "write to this file"),
        "help.allow_private": ("ให้อ่านที่อยู่ในเครือข่ายภายในได้", "let web addresses be of private networks"),
        "help.repair": ("ซ่อมส่วนที่ไม่ตรงกันจากคลังข่าว", "mend what does not agree, from the library"),
        "help.serve": (
            "เปิดเซิร์ฟเวอร์ มีหน้าแชต และ API ทั้งของ Khao เอง แบบ OpenAI และ MCP",
            "Serve the chat and the API: Khao's own, OpenAI-compatible, and MCP.",
        ),
        "help.host": (
            "ที่อยู่ที่เปิดรับ ถ้าไม่ใช่เครื่องนี้เองต้องใช้คีย์ API",
            "address to listen at; anything but this machine needs API keys",
        ),
        "help.open": ("เปิดหน้าแชตในเบราว์เซอร์เมื่อพร้อม", "open the chat in a browser once it is ready"),
        "help.port": ("หมายเลขพอร์ต 0 คือพอร์ตใดก็ได้ที่ว่าง", "port to listen at; 0 for any that is free"),
        "help.json": ("แสดงผลเป็น JSON", "print one JSON document"),
        "help.ui": ("ภาษาที่ใช้แสดงผล", "language of the messages"),
        "help.help": ("แสดงวิธีใช้", "show this and stop"),
        "help.keys": ("ออกคีย์ API ดูรายการ หรือยกเลิก", "Make, list or revoke API keys."),
        "help.keys.add": ("ออกคีย์ใหม่ ตัวคีย์แสดงให้เห็นครั้งเดียว", "Make a key; it is shown this once only."),
        "help.keys.list": ("แสดงรายการคีย์ โดยไม่เผยตัวคีย์", "List the keys, but not their secrets."),
        "help.keys.revoke": ("ยกเลิกคีย์ มีผลทันที", "Revoke a key, with immediate effect."),
        "help.feedback": ("ดูหรือส่งออกความเห็นของผู้อ่านต่อคำตอบ", "List or export what readers thought of answers."),
        "help.feedback.list": ("แสดงความเห็นของผู้อ่าน ใหม่สุดก่อน", "List what readers thought, newest first."),
        "help.feedback.export": (
            "ส่งออกความเห็นทั้งหมดเป็น JSONL หรือร่างเป็นชุดคำถามสำหรับวัดคุณภาพ",
            "Write every verdict as JSONL, or draft gold questions from them.",
        ),
        "help.drafts": (
            "ร่างชุดคำถามจากความเห็น ให้คนเติมคำตอบแล้วตรวจด้วย khao eval check-gold",
            "write gold questions for a person to complete, then check them with khao eval check-gold",
        ),
        "help.feedback_limit": ("จำนวนความเห็นที่แสดง", "how many verdicts to list"),
        "help.key_name": ("ชื่อคีย์ ตั้งตามคนหรือโปรแกรมที่ใช้", "a name that says who or what uses the key"),
        "help.key": ("ชื่อหรือรหัสของคีย์", "the key's name or id"),
        "help.scope": (
            "สิทธิ์ของคีย์: read อ่านอย่างเดียว, write อ่านได้และแก้ไขคลังข่าวได้",
            "what the key allows: read, or write, which includes reading",
        ),
        "help.expires": (
            "ใช้ได้นานกี่วัน เช่น 90d หรือใช้ได้ถึงวันใด เช่น 31 ธ.ค. 2570",
            "how many days it lasts, 90d say, or its last day: 2027-12-31, 31 Dec 2027",
        ),
        "help.mcp": ("ให้ผู้ช่วย AI ถามข่าวผ่าน MCP", "Let an AI assistant ask the news, over MCP."),
        "help.mcp_http": (
            "เปิดเป็น HTTP ที่ http://127.0.0.1:8001/mcp แทนอินพุตและเอาต์พุตมาตรฐาน",
            "serve http://127.0.0.1:8001/mcp instead of standard input and output",
        ),
        "help.mcp_host": ("ที่อยู่ที่เปิดรับเมื่อใช้ --http เฉพาะในเครื่องนี้", "address to listen at with --http, on this machine only"),
        "help.mcp_port": ("พอร์ตเมื่อใช้ --http; 0 คือพอร์ตใดก็ได้ที่ว่าง", "port to listen at with --http; 0 for any that is free"),
        "help.mcp_server": (
            "ถามผ่าน khao serve ที่เปิดอยู่ เช่น http://127.0.0.1:8000 แทนการเปิดคลังข่าวเอง (หรือตั้ง KHAO_SERVER)",
            "ask a running khao serve, http://127.0.0.1:8000 say, instead of opening the library (or set KHAO_SERVER)",
        ),
        "help.mcp_key": (
            "คีย์ API ของเซิร์ฟเวอร์นั้น ตั้งไว้ใน KHAO_API_KEY ปลอดภัยกว่า",
            "an API key of that server; safer set as KHAO_API_KEY",
        ),
    }
)  # fmt: skip
