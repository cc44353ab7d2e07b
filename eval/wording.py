"""What the harness says on a terminal, in Thai and in English; names of metrics stay as the literature has them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from corpus.article import Language

# key: (Thai, English)
_TEXTS: dict[str, tuple[str, str]] = {
    "usage": ("วิธีใช้", "Usage"),
    "usage.eval": (
        "khao eval [ไฟล์คำถาม...] [ตัวเลือก]\n        khao eval make-gold | check-gold | compare --help",
        "khao eval [GOLD...] [options]\n       khao eval make-gold | check-gold | compare --help",
    ),
    "usage.compare": ("khao eval compare ผลรัน ผลรันฐาน [ตัวเลือก]", "khao eval compare RUN BASELINE [options]"),
    "usage.make-gold": ("khao eval make-gold [ตัวเลือก]", "khao eval make-gold [options]"),
    "usage.check-gold": ("khao eval check-gold ไฟล์คำถาม... [ตัวเลือก]", "khao eval check-gold GOLD... [options]"),
    "about.eval": (
        "วัดคุณภาพการค้น คำตอบ การอ้างอิง และการงดตอบ ไม่ระบุไฟล์คือใช้ชุดคำถามและข่าวตัวอย่างที่ให้มา",
        "Measure retrieval, answers, citations and abstention; without GOLD, on the bundled questions and articles.",
    ),
    "about.compare": (
        "เทียบผลรันสองครั้งทีละคำถาม บอกว่าดีขึ้น แย่ลง หรือยังไม่มีหลักฐาน",
        "Compare two runs question by question: better, worse, or no evidence.",
    ),
    "about.make-gold": (
        "ร่างคำถามจากคลังข่าวที่มีอยู่ ให้คนตรวจแก้ก่อนใช้",
        "Draft gold questions from the library at hand, for a person to correct.",
    ),
    "about.check-gold": (
        "ตรวจชุดคำถาม: ข้อความอ้างอิงตรงกับข่าวหรือไม่ รหัสข่าว คำถามซ้ำ คำตอบที่หลุดอยู่ในคำถาม",
        "Check gold questions: exact quotes, ids, duplicates, answers that leak into questions.",
    ),
    "options": ("ตัวเลือก", "Options"),
    "help.format": (
        "รูปแบบไฟล์: khao, squad, reading, beir, multihop, nomiracl, csv (ไม่ระบุคือดูจากไฟล์)",
        "form of GOLD: khao, squad, reading, beir, multihop, nomiracl, csv (found by its shape)",
    ),
    "help.json": ("แสดงผลเป็น JSON", "print one JSON object"),
    "help.out": ("โฟลเดอร์เก็บผลรัน (ปกติเก็บใต้ KHAO_HOME/runs)", "folder for the run (under KHAO_HOME/runs)"),
    "help.baseline": ("เทียบกับผลรันก่อน (โฟลเดอร์)", "compare with an earlier run (its folder)"),
    "help.fail_under": (
        "จบด้วยรหัส 1 ถ้าค่าต่ำกว่านี้ เช่น recall@5=0.95 หรือ cross.th/recall@5=0.9 ใส่ได้หลายครั้ง",
        "exit 1 if a metric is lower: recall@5=0.95, cross.th/recall@5=0.9; may be repeated",
    ),
    "help.gate": (
        "ใช้เกณฑ์ขั้นต่ำของชุดคำถามที่ให้มา (จบด้วยรหัส 1 ถ้าไม่ถึง)",
        "hold the bundled questions to their own gates (exit 1)",
    ),
    "help.fail_on_regression": (
        "จบด้วยรหัส 1 ถ้ามีค่าใดแย่ลงจากผลรันฐาน",
        "exit 1 if anything is worse than in the baseline",
    ),
    "help.ablate": ("ถอดส่วนประกอบทีละส่วนแล้ววัดใหม่", "measure again with one part away at a time"),
    "help.variant": ("วัดโดยถอดส่วนนี้ออก: {names}", "measure without a part: {names}"),
    "help.judge": ("ให้แบบจำลองภาษาที่ตั้งค่าไว้ตรวจคำตอบด้วย", "have the configured LLM judge the answers too"),
    "help.llm": (
        "ให้โมเดลภาษาที่ตั้งค่าไว้เรียบเรียงคำตอบ วัดทั้งแบบตรวจและไม่ตรวจ",
        "have the configured LLM write the answers; measured with and without the check",
    ),
    "help.today": ("วันที่ถาม (ปกติคือวันถัดจากข่าวล่าสุด)", "the day of asking (the day after the newest article)"),
    "help.seed": ("ค่าเริ่มต้นของการสุ่ม", "seed of resampling and sampling"),
    "help.count": ("จำนวนคำถามที่จะร่าง", "how many questions to draft"),
    "help.output": ("เขียนลงไฟล์นี้แทนหน้าจอ", "write to this file"),
    "help.help": ("แสดงวิธีใช้", "show this and stop"),
    # Figures
    "table.overall": ("ทั้งหมด", "overall"),
    "table.th": ("ถามภาษาไทย", "asked in Thai"),
    "table.en": ("ถามภาษาอังกฤษ", "asked in English"),
    "table.group": ("กลุ่ม", "group"),
    "table.questions": ("ข้อ", "n"),
    "table.variant": ("ส่วนที่ใช้", "variant"),
    "ran": (
        "{questions} คำถาม · {articles} ข่าว · โค้ด {commit} · ถามวันที่ {today}",
        "{questions} questions over {articles} articles, commit {commit}, asked on {today}",
    ),
    "unknown_commit": ("ไม่ทราบรุ่น", "unknown"),
    "latency": (
        "เวลาตอบ p50 {ask_p50} มิลลิวินาที, p95 {ask_p95} มิลลิวินาที",
        "answers take p50 {ask_p50} ms, p95 {ask_p95} ms",
    ),
    "saved": ("ผลรัน: {folder}", "run: {folder}"),
    "report": ("รายงาน: {file}", "report: {file}"),
    "unlocated": (
        "ข้อความอ้างอิง {count} ชิ้นไม่ตรงกับเนื้อข่าวในคลัง นับเป็นค้นไม่พบ ดูด้วย khao eval check-gold",
        "evidence quotes that stand in no article of the library, counted as not found: {count} (see khao eval check-gold)",
    ),
    "unjudged": ("ตัวตรวจให้คะแนนไม่ได้ {count} ครั้ง", "judgements that came to nothing: {count}"),
    "unsupported": (
        "ประโยคที่แสดงแต่ข่าวหลักฐานไม่รองรับ: ตรวจแล้ว {checked:.1%} ไม่ตรวจ {unchecked:.1%}",
        "sentences shown that the gold evidence does not bear out: checked {checked:.1%}, unchecked {unchecked:.1%}",
    ),
    # Gates
    "gate.passed": ("ผ่าน {name} {value:.3f} ≥ {least:g}", "passed: {name} {value:.3f} ≥ {least:g}"),
    "gate.failed": ("ไม่ผ่าน {name} {value:.3f} < {least:g}", "FAILED: {name} {value:.3f} < {least:g}"),
    "gate.missing": ("ไม่ผ่าน {name}: ไม่มีค่านี้ในผลรัน", "FAILED: {name} is not among this run's figures"),
    "gate.lost": (
        "ผลรันฐานมีค่าเหล่านี้ แต่ผลรันนี้ไม่มี: {names}",
        "in the baseline, and not measured in this run: {names}",
    ),
    "gate.regressions": ("แย่ลง {count} รายการ", "worse in {count} figures"),
    # Comparisons
    "compared": (
        "เทียบกับ {baseline}: ดีขึ้น {better} · แย่ลง {worse} · ยังไม่มีหลักฐาน {none}",
        "against {baseline}: better {better}, worse {worse}, no evidence {none}",
    ),
    "unpaired": (
        "ไม่ได้เทียบ {ours} คำถามที่มีเฉพาะในรันนี้ และ {theirs} คำถามที่มีเฉพาะในรันฐาน",
        "left out: {ours} questions only in this run, {theirs} only in the baseline",
    ),
    # Gold
    "drafted": (
        "ร่าง {count} คำถามแล้ว โปรดตรวจแก้ก่อนใช้ แล้วตรวจด้วย khao eval check-gold",
        "drafted {count} questions: correct them before use, then run khao eval check-gold",
    ),
    "checked": (
        "ตรวจ {questions} คำถาม: ผิด {errors} · ควรดู {warnings}",
        "questions checked: {questions}, errors: {errors}, warnings: {warnings}",
    ),
    # What is refused
    "error.option": ("ไม่มีตัวเลือก {value}", "there is no option {value}"),
    "error.value": ("ตัวเลือก {value}: ขาดค่า หรือมีค่าเกินมา", "option {value}: its value is missing, or it takes none"),
    "error.extra": ("{value}: เกินมา", "{value}: one too many"),
    "error.missing": ("ขาด {value}", "{value} is missing"),
    "error.date": ("--today {value}: ไม่ใช่วันที่แบบ 2025-10-01", "--today {value}: not a date like 2025-10-01"),
    "error.whole": ("{name} {value}: ต้องเป็นจำนวนเต็มตั้งแต่ {least}", "{name} {value}: not a whole number from {least} up"),
    "error.gate": (
        "--fail-under {value}: ต้องเป็น ชื่อ=ค่า เช่น recall@5=0.95",
        "--fail-under {value}: not NAME=VALUE, as recall@5=0.95",
    ),
    "error.gate_for": (
        "--gate ใช้กับชุดคำถามที่ให้มาเท่านั้น ชุดอื่นใช้ --fail-under",
        "--gate is for the bundled questions; others take --fail-under",
    ),
    "error.variant": ("--variant {value}: มีแต่ {names}", "--variant {value}: only {names}"),
    "error.no_baseline": ("--fail-on-regression ต้องใช้คู่กับ --baseline", "--fail-on-regression wants a --baseline"),
    "error.no_llm": (
        "{option}: ยังไม่ได้ตั้งค่า KHAO_LLM_URL และ KHAO_LLM_MODEL",
        "{option}: KHAO_LLM_URL and KHAO_LLM_MODEL are not set",
    ),
    "error.llm_alone": ("--llm ใช้พร้อม --ablate หรือ --variant ไม่ได้", "--llm goes with neither --ablate nor --variant"),
    "error.several": (
        "{names}: วัดทีละชุดเท่านั้นเมื่อชุดคำถามมีข่าวของตัวเอง",
        "{names}: one benchmark at a time where each brings its own articles",
    ),
}  # fmt: skip
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(_TEXTS)


def say(ui: Language, key: str, **values: object) -> str:
    """Return the text `key` in language `ui` with its values filled in; KeyError for an unknown key."""
    text = TEXTS[key][ui == "en"]
    return text.format(**values) if values else text
