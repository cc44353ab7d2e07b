"""What each metric is called and what it means to a reader, in Thai and in English; where it comes from is with its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Both = tuple[str, str]  # (Thai, English)

# name: (Thai, English, meaning in Thai, meaning in English), by family, in the order that a table shows them
_FOUND: Both = (
    "สัดส่วนคำถามที่พบ{what}อย่างน้อยหนึ่งชิ้นใน{depth} ข้อที่ต้องใช้ครบทุกชิ้นคิดตามสัดส่วนที่พบ",
    "share of questions with any {what} {depth}; where all of it counts, the share that was found",
)
_MRR: Both = ("ส่วนกลับของอันดับ{what}ชิ้นแรกที่พบใน 10 อันดับ", "one over the rank of the first {what} within 10")
_NDCG: Both = (
    "คุณภาพการเรียงลำดับ{what}ใน 10 อันดับแรก เทียบกับลำดับที่ดีที่สุด",
    "how well the {what} is ranked within 10, against the best order",
)
_ARTICLE: Both = ("ข่าวหลักฐาน", "evidence article")
_PASSAGE: Both = ("ย่อหน้าที่มีหลักฐาน", "passage with the evidence")


def _ranked(prefix: str, what: Both) -> Iterator[tuple[str, tuple[str, str, str, str]]]:
    for k in (1, 5, 10):
        depth = (f" {k} อันดับแรก", f"among the first {k}") if k > 1 else ("อันดับแรก", "in first place")
        meaning = (
            _FOUND[0].format(what=what[0], depth=depth[0]),
            _FOUND[1].format(what=what[1], depth=depth[1]),
        )
        name = f"พบ{what[0]}ใน {k} อันดับแรก", f"{what[1]} in top {k}"
        if k == 1:
            name = f"พบ{what[0]}เป็นอันดับแรก", f"{what[1]} first"
        yield f"{prefix}recall@{k}", (*name, *meaning)
    for metric, said, (thai, english) in (("mrr@10", "MRR", _MRR), ("ndcg@10", "nDCG", _NDCG)):
        meaning = (thai.format(what=what[0]), english.format(what=what[1]))
        yield f"{prefix}{metric}", (f"{said} ของ{what[0]}", f"{said}, {what[1]}", *meaning)


FAMILIES: Mapping[str, Mapping[str, tuple[str, str, str, str]]] = {
    "articles": dict(_ranked("", _ARTICLE)),
    "passages": dict(_ranked("passage_", _PASSAGE)),
    "answers": {
        "answer_contained": (
            "มีคำตอบอยู่จริง",
            "answer contained",
            "คำตอบที่ยอมรับปรากฏในสิ่งที่แสดงให้ผู้ใช้เห็น",
            "an accepted answer stands in what is shown",
        ),
        "short_answer_right": (
            "คำตอบสั้นถูกต้อง",
            "short answer right",
            "คำตอบสั้นตรงกับคำตอบที่ยอมรับ ทั้งตัวเลข หน่วย วันที่ และชื่อ ไม่มีคำตอบสั้นนับเป็น 0",
            "the short answer is an accepted one, in numbers, units, dates and names; 0 where there is none",
        ),
        "short_answer_given": (
            "มีคำตอบสั้น",
            "short answer given",
            "ในข้อที่มีคำตอบและได้ตอบ สัดส่วนที่ให้คำตอบสั้น",
            "of the questions with an answer that were answered, the share given a short one",
        ),
        "exact_match": (
            "ตรงทุกคำ",
            "exact match",
            "คำตอบตรงกับคำตอบที่ยอมรับทุกคำ",
            "the answer is an accepted one, word for word",
        ),
        "answer_f1": ("F1 ของคำ", "token F1", "คำในคำตอบซ้อนกับคำตอบที่ยอมรับเพียงใด", "overlap of words with an accepted answer"),
        "right_if_answered": (
            "ถูกถ้าต้องตอบ",
            "right if answered",
            "ตอบถูกหรือไม่หากบังคับให้ตอบทุกข้อ ข้อที่ไม่มีคำตอบนับว่าผิด",
            "right when made to answer everything; questions without an answer count as wrong",
        ),
    },
    "citations": {
        "citation_validity": (
            "อ้างอิงเปิดได้จริง",
            "citations resolve",
            "หมายเลขอ้างอิงทุกหมายเลขชี้ไปยังข้อความที่มีอยู่จริงในข่าว",
            "every marker leads to the very words of a stored article",
        ),
        "citation_precision": (
            "อ้างอิงตรงหลักฐาน",
            "citation precision",
            "สัดส่วนการอ้างอิงที่เป็นหลักฐานของคำตอบ งดตอบนับเป็น 0",
            "share of citations that are the evidence; 0 where it abstained",
        ),
        "citation_recall": (
            "อ้างอิงครบหลักฐาน",
            "citation recall",
            "สัดส่วนหลักฐานที่คำตอบอ้างถึง งดตอบนับเป็น 0",
            "share of the evidence that is cited; 0 where it abstained",
        ),
        "citation_article_precision": (
            "อ้างข่าวถูกฉบับ",
            "cited article is right",
            "สัดส่วนการอ้างอิงที่มาจากข่าวหลักฐาน",
            "share of citations that are of an evidence article",
        ),
        "support_precision": (
            "อ้างอิงที่จำเป็น",
            "support precision",
            "สัดส่วนการอ้างอิงที่ช่วยรองรับข้อความจริง",
            "share of citations that help to support their statement",
        ),
        "support_recall": (
            "ข้อความมีที่มารองรับ",
            "support recall",
            "สัดส่วนข้อความในคำตอบที่ที่มารองรับครบถ้วน",
            "share of statements that their citations fully support",
        ),
        "gold_support": (
            "ข้อความตรงกับหลักฐาน",
            "borne out by gold evidence",
            "ในคำตอบที่โมเดลภาษาเขียน สัดส่วนข้อความที่ข่าวหลักฐานรองรับ",
            "of the sentences of a written answer, those that an evidence article bears out",
        ),
    },
    "abstention": {
        "abstention_correct": (
            "ตอบหรืองดถูก",
            "right to answer or abstain",
            "ตอบเมื่อมีคำตอบ และงดตอบเมื่อไม่มี",
            "answered where there is an answer, abstained where there is none",
        ),
        "abstention_precision": (
            "งดตอบแม่นยำ",
            "abstention precision",
            "ในข้อที่งดตอบ สัดส่วนที่ไม่มีคำตอบจริง",
            "of what it abstained on, the share that has no answer",
        ),
        "abstention_recall": (
            "งดตอบครบ",
            "abstention recall",
            "ในข้อที่ไม่มีคำตอบ สัดส่วนที่งดตอบ",
            "of what has no answer, the share it abstained on",
        ),
        "abstention_f1": (
            "F1 ของการงดตอบ",
            "abstention F1",
            "งดตอบแม่นยำและงดตอบครบ รวมเป็นค่าเดียว",
            "precision and recall of abstaining, in one figure",
        ),
        "confidence_auroc": (
            "ความเชื่อมั่นแยกข้อที่ตอบได้",
            "AUROC of confidence",
            "โอกาสที่ข้อที่มีคำตอบได้ความเชื่อมั่นสูงกว่าข้อที่ไม่มี 0.5 คือไม่ต่างจากเดา",
            "chance that a question with an answer gets more confidence than one without; 0.5 is a coin toss",
        ),
        "coverage@95": (
            "ตอบได้เมื่อต้องถูก 95%",
            "coverage at 95% right",
            "ตอบได้มากที่สุดกี่ส่วนของทุกข้อ โดยยังถูกอย่างน้อย 95%",
            "largest share it could answer and still be right 95% of the time",
        ),
        "ece": (
            "ความเชื่อมั่นคลาดเคลื่อน",
            "calibration error",
            "ความเชื่อมั่นห่างจากสัดส่วนที่ถูกจริงเพียงใด ยิ่งน้อยยิ่งดี",
            "distance of confidence from the share that was right; less is better",
        ),
        "brier": (
            "คะแนน Brier",
            "Brier score",
            "ค่าเฉลี่ยกำลังสองของระยะห่างจากความจริง ยิ่งน้อยยิ่งดี",
            "mean squared distance from what came true; less is better",
        ),
    },
    "judged": {
        "judged_faithfulness": (
            "ตรงตามที่มา (LLM ตัดสิน)",
            "faithful, as judged",
            "LLM ผู้ตัดสินเห็นว่าคำตอบเป็นไปตามที่มา",
            "a judging LLM finds the answer true to its sources",
        ),
        "judged_correctness": (
            "ถูกต้อง (LLM ตัดสิน)",
            "correct, as judged",
            "LLM ผู้ตัดสินเห็นว่าคำตอบถูกต้อง",
            "a judging LLM finds the answer correct",
        ),
        "unjudged": (
            "ตัดสินไม่ได้",
            "not judged",
            "สัดส่วนการตัดสินที่ LLM ผู้ตัดสินไม่ให้ผล ยิ่งน้อยยิ่งดี",
            "share of judgements that the judging LLM failed to give; less is better",
        ),
    },
    "other": {},  # what no family knows: a benchmark's own definitions
}  # fmt: skip
_WORDS = {name: words for family in FAMILIES.values() for name, words in family.items()}


def label(metric: str) -> Both:
    """Return what a metric is called; its own name where it is none of ours."""
    thai, english, *_ = _WORDS.get(metric, (metric, metric))
    return thai, english


def meaning(metric: str) -> Both | None:
    """Return what a metric means, None where it is none of ours."""
    words = _WORDS.get(metric)
    return (words[2], words[3]) if words else None


def family(metric: str) -> str:
    """Return the family that a metric is of, "other" where it is none of ours."""
    return next((name for name, known in FAMILIES.items() if metric in known), "other")
