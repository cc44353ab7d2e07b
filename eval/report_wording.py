"""Every text of the report but the metrics' names, in Thai and in English; the page itself switches between them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from corpus.dates import format_date
from eval.metric_wording import Both

# key: (Thai, English)
_TEXTS: dict[str, Both] = {
    "title": ("ผลทดสอบ {name}", "Evaluation of {name}"),
    "kicker": ("Khao ข่าว · รายงานผลทดสอบ", "Khao ข่าว · evaluation report"),
    "skip": ("ข้ามไปที่รายคำถาม", "Skip to the questions"),
    "language": ("ภาษาของหน้านี้", "Language of this page"),
    "no_script": (
        "หน้านี้ใช้ JavaScript แสดงรายคำถามและสลับภาษา",
        "This page needs JavaScript to list questions and switch language.",
    ),
    "lead.clean": ("ทดสอบ {questions} ไม่พบข้อที่พลาดเลย", "{questions} asked, none failed."),
    "lead.failed": (
        "ทดสอบ {questions} มี {failed} ข้อที่พลาดอย่างน้อยหนึ่งเรื่อง",
        "{questions} asked, {failed} failed in at least one respect.",
    ),
    "none": ("ไม่มีข้อมูลพอจะแสดง", "Nothing to show here."),
    "contents": ("สารบัญ", "Contents"),
    "numbers": ("ดูเป็นตัวเลข", "The numbers"),
    "questions": ("{count} คำถาม", "{count} questions"),
    "scroll": ("ตาราง เลื่อนดูได้", "table, scrollable"),
    # What was tested
    "about": ("รายละเอียดทางเทคนิค", "Technical details"),
    "about.created": ("ทดสอบเมื่อ", "Run on"),
    "about.commit": ("รุ่นของโค้ด", "Commit"),
    "about.variant": ("รูปแบบที่ทดสอบ", "Variant"),
    "about.corpus": ("คลังข่าว", "Corpus"),
    "about.articles": ("{count} ข่าว", "{count} articles"),
    "about.gold": ("ชุดคำถาม", "Gold questions"),
    "about.model": ("โมเดลค้นหา", "Embedding model"),
    "about.answering": ("วิธีตอบ", "Answering"),
    "about.extractive": ("คัดประโยคจากข่าว ไม่ใช้ LLM", "sentences quoted from the articles, no LLM"),
    "about.judge": ("LLM ผู้ตัดสิน", "Judge"),
    "about.today": ("ถือว่าถามวันที่", "Day of asking"),
    "about.seed": ("ค่าเริ่มสุ่ม", "Seed"),
    "about.settings": ("การตั้งค่า", "Settings"),
    "about.versions": ("รุ่นโปรแกรม", "Versions"),
    "about.platform": ("เครื่องที่ทดสอบ", "Platform"),
    # Headings
    "summary": ("ภาพรวม", "At a glance"),
    "summary.p50": ("เวลาตอบ (ค่ากลาง)", "time to answer (median)"),
    "summary.p95": ("95% ของคำถามตอบเสร็จใน {ms} มิลลิวินาที", "95% of questions are answered within {ms} ms"),
    "ms": ("{value} มิลลิวินาที", "{value} ms"),
    "milliseconds": ("มิลลิวินาที", "ms"),
    "groups": ("แยกตามภาษาและชนิดคำถาม", "By language and type"),
    "groups.metric": ("ตัวชี้วัด", "Metric"),
    "groups.chart": ("{metric} แยกตามชนิดคำถามและภาษาที่ถาม", "{metric}, by type of question and language asked in"),
    "groups.group": ("กลุ่มคำถาม", "Group"),
    "groups.count": ("จำนวน", "n"),
    "groups.meanings": ("ตัวชี้วัดแต่ละตัวหมายถึงอะไร", "What each metric means"),
    "family.articles": ("ค้นข่าว", "Articles found"),
    "family.passages": ("ค้นย่อหน้า", "Passages found"),
    "family.answers": ("คำตอบ", "Answers"),
    "family.citations": ("การอ้างอิง", "Citations"),
    "family.abstention": ("การงดตอบและความเชื่อมั่น", "Abstention and confidence"),
    "family.judged": ("ตัดสินโดย LLM", "Judged"),
    "family.other": ("อื่น ๆ", "Others"),
    "group.overall": ("ทั้งหมด", "all"),
    "group.th": ("ถามเป็นไทย", "asked in Thai"),
    "group.en": ("ถามเป็นอังกฤษ", "asked in English"),
    "type.same": ("ภาษาเดียวกับข่าว", "same language"),
    "type.cross": ("ถามข้ามภาษา", "across languages"),
    "type.multi": ("ต้องใช้หลายข่าว", "several articles"),
    "type.temporal": ("เกี่ยวกับเวลา", "about dates"),
    "type.unanswerable": ("ไม่มีคำตอบในคลัง", "no answer in corpus"),
    "type.followup": ("ถามต่อเนื่อง", "follow-up"),
    "type.offtopic": ("นอกเรื่อง", "off topic"),
    "th": ("ไทย", "Thai"),
    "en": ("อังกฤษ", "English"),
    # Charts
    "risk": ("ตอบมากขึ้นแล้วผิดมากขึ้นเพียงใด", "What answering more costs"),
    "risk.note": (
        "เส้นนี้แสดงว่า หากตอบเฉพาะข้อที่ความเชื่อมั่นสูงพอ จะตอบได้กี่ส่วนและผิดกี่ส่วน ยิ่งเส้นต่ำยิ่งดี (El-Yaniv & Wiener 2010)",
        "How many questions are answered, and how many of them wrongly, as less and less confidence is asked for. "
        "Lower is better (El-Yaniv & Wiener 2010).",
    ),
    "risk.x": ("สัดส่วนข้อที่ตอบ", "share of questions answered"),
    "risk.y": ("สัดส่วนที่ตอบผิด", "share of answers wrong"),
    "risk.threshold": ("ความเชื่อมั่นขั้นต่ำ", "confidence at least"),
    "risk.here": ("ที่ใช้อยู่", "as shipped"),
    "risk.shipped": (
        "เกณฑ์ที่ใช้อยู่{at}: ตอบ {share} ของคำถาม ในนั้นผิด {wrong}",
        "As shipped{at}: answers {share} of the questions, {wrong} of them wrongly.",
    ),
    "risk.silent": ("เกณฑ์ที่ใช้อยู่{at}: งดตอบทุกข้อ", "As shipped{at}: abstains on every question."),
    "risk.at": (" (ความเชื่อมั่นของการค้นตั้งแต่ {value})", " (search’s confidence of {value} or more)"),
    "calibration": ("ความเชื่อมั่นตรงกับความจริงเพียงใด", "Does confidence mean what it says?"),
    "calibration.note": (
        "แท่งคือสัดส่วนที่ถูกจริง ขีดคือความเชื่อมั่นเฉลี่ย เส้นประคือเมื่อทั้งสองตรงกันพอดี "
        "ตัวเลขใต้แกนคือจำนวนคำถาม (Guo et al. 2017)",
        "Bars: the share that was right. Ticks: mean confidence. Dashed: where the two agree. "
        "Below the axis: how many questions (Guo et al. 2017).",
    ),
    "calibration.ece": ("คลาดเคลื่อนเฉลี่ย (ECE) {value}", "Expected calibration error (ECE): {value}."),
    "calibration.x": ("ความเชื่อมั่น", "confidence"),
    "calibration.y": ("สัดส่วนที่ถูก", "share right"),
    "latency": ("เวลาที่ใช้ตอบ", "Time to answer"),
    "latency.note": ("ค่ากลาง (p50) {p50} · p95 {p95} มิลลิวินาที", "Median (p50) {p50} ms, p95 {p95} ms."),
    "latency.y": ("จำนวนคำถาม", "questions"),
    "latency.rest": ("แท่งสุดท้ายรวมข้อที่ช้ากว่านั้น", "The last bar holds all that took longer."),
    # Comparison
    "comparison": ("เทียบกับรันฐาน", "Against the baseline"),
    "comparison.note": (
        "ค่า p ปรับตามจำนวนการทดสอบแล้ว ส่วนช่วงความเชื่อมั่น 95% เป็นของตัวชี้วัดนั้นโดยลำพัง",
        "p is corrected for the number of tests; each 95% interval stands by itself.",
    ),
    "comparison.counts": (
        "ดีขึ้น {better} · แย่ลง {worse} · ยังไม่มีหลักฐานว่าต่างกัน {same}",
        "Better: {better}. Worse: {worse}. No evidence of a difference: {same}.",
    ),
    "comparison.rest": ("รายการอื่นที่ยังไม่มีหลักฐานว่าต่างกัน ({count})", "Others without evidence of a difference ({count})"),
    "comparison.ours": ("รันนี้", "this run"),
    "comparison.theirs": ("รันฐาน", "baseline"),
    "comparison.difference": ("ต่างกัน", "difference"),
    "comparison.interval": ("ช่วง 95%", "95% interval"),
    "comparison.verdict": ("สรุป", "verdict"),
    "verdict.better": ("▲ ดีขึ้น", "▲ better"),
    "verdict.worse": ("▼ แย่ลง", "▼ worse"),
    "verdict.no evidence": ("ยังไม่มีหลักฐานว่าต่าง", "no evidence"),
    # Question by question
    "rows": ("รายคำถาม", "Question by question"),
    "rows.search": ("ค้นในคำถาม คำตอบ และพาดหัว", "Search questions, answers, headlines"),
    "rows.language": ("ภาษาที่ถาม", "Asked in"),
    "rows.type": ("ชนิดคำถาม", "Type"),
    "rows.show": ("แสดง", "Show"),
    "rows.any": ("ทุกแบบ", "any"),
    "rows.sort": ("เรียงตาม", "Sort by"),
    "rows.filed": ("ลำดับในชุดคำถาม", "order of the gold file"),
    "rows.sure": ("ความเชื่อมั่นสูงก่อน", "most confident first"),
    "rows.unsure": ("ความเชื่อมั่นต่ำก่อน", "least confident first"),
    "rows.clear": ("ล้างตัวกรอง", "Clear"),
    "rows.found": ("แสดง {shown} จาก {count} ข้อ", "{shown} of {count} questions"),
    "rows.empty": ("ไม่มีคำถามที่ตรงกับตัวกรอง", "No question passes these filters."),
    "show.failed": ("ทุกข้อที่พลาด", "any failure"),
    "show.retrieval": ("ค้นไม่พบใน 5 อันดับ", "evidence not in top 5"),
    "show.answer": ("คำตอบไม่ถูกต้อง", "answer not contained"),
    "show.abstention": ("ตอบหรืองดผิด", "wrong to answer or abstain"),
    "show.citation": ("มีอ้างอิงที่ผิด", "a wrong citation"),
    "show.all": ("ทุกคำถาม", "all questions"),
    "row.asked": ("คำถาม", "Question"),
    "row.before": ("ถามก่อนหน้า", "Asked before"),
    "row.expected": ("คำตอบที่ยอมรับ", "Accepted answers"),
    "row.abstain": ("ควรงดตอบ เพราะไม่มีคำตอบในคลังข่าว", "Should abstain: the corpus holds no answer."),
    "row.unlisted": ("ไม่ได้ระบุคำตอบไว้ มีแต่หลักฐาน", "No answer is given, only evidence."),
    "row.evidence": ("หลักฐาน", "Evidence"),
    "row.all": ("ต้องใช้ครบทุกชิ้น", "all of it is needed"),
    "row.said": ("Khao ตอบ", "What Khao said"),
    "row.abstained": ("งดตอบ", "abstained"),
    "row.silent": ("งดตอบทั้งที่มีคำตอบ", "abstained though there is an answer"),
    "row.spoke": ("ตอบทั้งที่ไม่มีคำตอบ", "answered though there is no answer"),
    "row.confidence": ("ความเชื่อมั่น", "confidence"),
    "row.short": ("คำตอบสั้น", "In short"),
    "row.sources": ("ที่มา", "Sources"),
    "row.nearest": ("พาดหัวใกล้เคียง", "Nearest headlines"),
    "row.unsupported": ("ข้อความที่ไม่มีที่มารองรับ", "Statements without support"),
    "row.broken": ("อ้างอิงนี้ไม่มีที่มา", "no such source"),
    "row.gold": ("ข่าวหลักฐาน", "evidence article"),
    "row.hits": ("ข่าวที่ค้นพบ", "What was retrieved"),
    "row.nothing": ("ค้นไม่พบข่าวใดเลย", "Nothing was retrieved."),
    "row.values": ("คะแนนของข้อนี้", "Figures"),
    "row.time": ("เวลาที่ใช้ตอบ", "time to answer"),
    "row.ms": ("{ms} มิลลิวินาที", "{ms} ms"),
    "row.untitled": ("ไม่มีพาดหัว", "no headline"),
    "row.undated": ("ไม่ระบุวันที่", "no date"),
    "row.outlet": ("ไม่ระบุสำนักข่าว", "no outlet"),
}  # fmt: skip
TEXTS: Mapping[str, Both] = MappingProxyType(_TEXTS)


def say(key: str, **values: str | int | Both) -> Both:
    """Return the text `key` in both languages with its values filled in; KeyError for an unknown key."""
    thai, english = (
        {name: value[at] if isinstance(value, tuple) else value for name, value in values.items()}
        for at in (0, 1)
    )
    return TEXTS[key][0].format(**thai), TEXTS[key][1].format(**english)


def counted(key: str, count: int) -> Both:
    """Return a text that counts things; its English is a plural in -s, and loses that for one."""
    thai, english = say(key, count=f"{count:,}")
    return thai, english.removesuffix("s") if count == 1 else english


def type_label(type: str) -> Both:
    """Return what a type of question is called; its own name where it is none of ours."""
    return TEXTS.get(f"type.{type}", (type, type))


def day_label(day: date) -> Both:
    """Return a day in the reader's own form."""
    return format_date(day, "th"), format_date(day, "en")


def moment_label(text: str) -> Both:
    """Return an ISO date or moment in the reader's own form, anything else as it stands."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text, text
    thai, english = day_label(moment)
    if "T" not in text:
        return thai, english
    clock = moment.strftime("%H.%M"), moment.strftime("%H:%M")
    zone = f" ({moment.tzname()})" if moment.tzinfo else ""
    return f"{thai} เวลา {clock[0]} น.{zone}", f"{english}, {clock[1]}{zone}"
