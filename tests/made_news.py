"""A dozen small news articles in both languages, invented, for the tests of search and answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from corpus.article import Article
from corpus.readers import Read
from corpus.records import article_from_record

TODAY = date(2024, 3, 20)

# A question in either language whose answer is in the article named, and words of the sentence that answers it.
ASKED = {
    "th": ("สะพานบางลำพูใหม่ยาวกี่เมตร", "bridge-th", "ยาว 840 เมตร"),
    "en": ("How many villages on Koh Tawan were evacuated after the flood?", "flood-en", "from 34 villages"),
}
# A question in one language about what only an article in the other tells.
ACROSS = {
    "th": ("วัคซีนชิคุนกุนยาในโรงเรียน", "vaccine-en"),
    "en": ("dugong in the market", "dugong-th"),
}
OFF_TOPIC = {
    "th": "ทีมบาสเกตบอลอาร์เจนตินาชนะโอลิมปิกครั้งใด",
    "en": "Which violinist recorded Sibelius with the Helsinki orchestra?",
}

_RECORDS: list[dict[str, object]] = [
    {
        "id": "bridge-th",
        "title": "เปิดใช้สะพานบางลำพูใหม่ข้ามแม่น้ำคราม",
        "source": "ข่าวคราม",
        "url": "https://khram.example/bridge",
        "published": "2024-03-12",
        "body": "กรมทางหลวงชนบทเปิดใช้สะพานบางลำพูใหม่อย่างเป็นทางการเมื่อเช้าวันอังคาร หลังก่อสร้างนานสามปี\n\n"
        "สะพานแห่งนี้ยาว 840 เมตร กว้าง 4 ช่องจราจร ใช้งบประมาณ 1,250 ล้านบาท\n\n"
        "นายวิชิต แสนสุข อธิบดีกรมทางหลวงชนบท กล่าวว่า สะพานจะช่วยให้ชาวบ้านสองฝั่งเดินทางสั้นลง 25 นาที",
    },
    {
        "id": "flood-en",
        "title": "Flood drives families from homes on Koh Tawan",
        "source": "Tawan Times",
        "url": "https://tawan.example/flood",
        "published": "2023-09-05",
        "body": "Rescue teams evacuated 2,100 people from 34 villages on Koh Tawan after the flood of 4 September 2023. "
        "The island's governor, Somsak Petch, said that three schools would serve as shelters.\n\n"
        "Water rose to 1.6 metres in the old town. No deaths were reported, the governor added.",
    },
    {
        "id": "vaccine-en",
        "title": "Schools begin chikungunya vaccine programme",
        "source": "Tawan Times",
        "published": "2024-01-15",
        "body": "Nurses gave the first doses of a chikungunya vaccine in 48 schools on Monday. "
        "Teachers were offered the vaccine too, and 9 in 10 accepted it, the health office said.",
    },
    {
        "id": "dugong-th",
        "title": "พบซากพะยูนวางขายในตลาดปลาเก่า",
        "source": "ข่าวคราม",
        "published": "2023-11-02",
        "body": "เจ้าหน้าที่ตรวจยึดซากพะยูนหนัก 180 กิโลกรัมจากตลาดปลาเก่าเมื่อคืนวันพุธ "
        "ผู้ค้าสองรายรับสารภาพว่าซื้อมาจากชาวประมงในราคา 40,000 บาท",
    },
    {
        "id": "rice-th",
        "title": "ราคาข้าวหอมมะลิสูงสุดในรอบห้าปี",
        "source": "เกษตรวันนี้",
        "published": "2024-03-14",
        "body": "ราคาข้าวหอมมะลิขยับขึ้นเป็นตันละ 16,400 บาทในสัปดาห์นี้ สูงสุดในรอบห้าปี "
        "สมาคมโรงสีระบุว่าผลผลิตนาปีลดลงร้อยละ 12 เพราะฝนทิ้งช่วง",
    },
    {
        "id": "rice-en",
        "title": "Jasmine rice price was lower a year ago",
        "source": "Farm Desk",
        "published": "2023-02-10",
        "body": "Jasmine rice sold for 13,900 baht a tonne in February 2023, the millers' association said. "
        "Traders expected the price to climb.",
    },
    {
        "id": "rice-undated",
        "title": "How jasmine rice is graded",
        "source": "",
        "body": "Jasmine rice is graded by the length of its grain. The best grade allows 8 per cent of broken rice.",
    },
    {
        "id": "library-en",
        "title": "Old cinema becomes the city library",
        "source": "Tawan Times",
        "published": "2024-03-13",
        "body": "The Rama cinema reopened as the city library on Wednesday with 62,000 books. "
        "Entry is free because a foundation pays for the building, the librarian Orn Saelee said.",
    },
]

_WIRE = {
    "th": "ตำรวจน้ำช่วยลูกเรือประมง 17 คนหลังเรือชื่อโชคสมุทรเครื่องยนต์ดับนอกชายฝั่งเกาะนกยูงเป็นเวลา 3 วัน "
    "ลูกเรือทั้งหมดปลอดภัยแต่อ่อนเพลียเพราะขาดน้ำดื่ม แพทย์ให้นอนพักที่โรงพยาบาลหนึ่งคืน "
    "ไต้ก๋งเล่าว่าวิทยุสื่อสารเสียตั้งแต่วันแรก จึงจุดพลุขอความช่วยเหลือทุกคืนจนมีเรือสินค้าผ่านมาเห็น",
    "en": "Lighthouse keepers on Peacock Rock rescued 17 sailors from the trawler Lucky Sea, whose engine had failed three "
    "days earlier. All were safe but weak for want of drinking water, and doctors kept them in hospital overnight. The "
    "skipper said that the radio broke on the first day, so the crew lit flares every night until a cargo ship saw them.",
}
WIRE_QUESTION = {
    "th": "เรือโชคสมุทรมีลูกเรือประมงกี่คน",
    "en": "How many sailors were rescued from the Lucky Sea?",
}
_OUTLETS = ("Alpha", "Beta", "Gamma")


def news() -> list[Article]:
    """The articles: one story each, but for a wire story in each language that three outlets ran."""
    records = list(_RECORDS)
    for language, body in _WIRE.items():
        for number, outlet in enumerate(_OUTLETS):
            wire = {"id": f"wire-{language}-{number}", "source": outlet, "title": f"{outlet}: {body[:40]}"}
            records.append({**wire, "published": "2022-06-01", "body": body})
    return [article_from_record(record) for record in records]


def made(id: str, body: str, **fields: object) -> Article:
    """An article as a reader would make it from JSONL."""
    return article_from_record({"id": id, "body": body, **fields})


def reads(articles: Iterable[Article]) -> list[Read]:
    """The articles as a reader hands them to ingest."""
    return [Read(article.id, article, None) for article in articles]
