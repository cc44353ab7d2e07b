"""What the page where a browser signs in says, in Thai and in English."""

from __future__ import annotations

from types import MappingProxyType

from app.api.wording import Texts

# key: (Thai, English)
SIGN_IN: Texts = MappingProxyType(
    {
        "name": ("ข่าว", "Khao"),
        "title": ("เข้าสู่ระบบ", "Sign in"),
        "why": ("เซิร์ฟเวอร์นี้เปิดให้เฉพาะผู้ที่มีคีย์ API", "This server answers those who have an API key."),
        "key": ("คีย์ API", "API key"),
        "hint": (
            "คีย์ขึ้นต้นด้วย khao_ ถ้ายังไม่มี ขอได้จากผู้ดูแลเซิร์ฟเวอร์นี้",
            "It begins with khao_. If you have none, ask whoever runs this server.",
        ),
        "submit": ("เข้าสู่ระบบ", "Sign in"),
        "blank": ("ยังไม่ได้ใส่คีย์ API", "Enter an API key."),
        "other": ("English", "ภาษาไทย"),
    }
)  # fmt: skip


def other_language(ui: str) -> str:
    """Return the language that a page in `ui` links to."""
    return "en" if ui == "th" else "th"
