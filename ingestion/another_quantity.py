"""Whether a remark says that the figure beside it is no result: a target, a mean, last year's.

A remark also speaks of targets and means to praise and to blame (สูงกว่าเป้าหมาย, ควรมีค่าเป้าหมาย): only
what it says that the figure *is* counts. That is where the words begin with the quantity, or come
to it behind "this figure" or "is".
"""

import re
from functools import lru_cache

from ingestion.normalise import digits

_LINK = (
    r"(?:คะแนน|ค่า|ผล(?:การประเมิน)?|ข้อมูล|ตัวเลข|แถว|ช่อง|รายการ|การ|นี้|ดังกล่าว|ข้างต้น|ทั้งหมด|เป็น|คือ|ใช้|นำ|ยก|มา"
    r"|จาก|ของ|ตาม|เพียง|หมายถึง|อ้างอิง|ที่|ใน|เท่านั้น|เดิม|ระดับ|ITA|IIT|EIT|OIT|[\s(:\"“”*=–-]){0,20}"
)
_QUANTITY = (
    r"(?:เป้า|ตั้งเป้า|เฉลี่ย|มัธยฐาน|ค่ากลาง|คาดการณ์|คาดหมาย|คาดหวัง|คาดว่า|ประมาณการ|พยากรณ์|จำลอง|สมมติ|สมมุติ|ทดลอง"
    r"|ประเมินตนเอง|เบื้องต้น|ร่าง(?![ก-๎])|เกณฑ์|น้ำหนัก|สูงสุดของ|ต่ำสุดของ"
    r"|(?:ปี|ครั้ง|รอบ)(?:งบประมาณ)?(?:ก่อน|ที่แล้ว|ที่ผ่านมา|เดิม|หน้า|ถัดไป)"
    r"|target|goal|average|mean|forecast|last year|draft)"
)
_YEAR = r"(?:ปี\s*(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*)(\d{4}|\d{2})(?!\d)"
_POINTS = (
    r"(?:คะแนน|ค่า|ตัวเลข|แถว|ผล(?:การประเมิน)?)(?:ใน)?(?:แถว|ช่อง)?(?:นี้|ดังกล่าว|ข้างต้น)"
    r"|(?:เป็น|คือ|ใช้|นำ)(?=\s*(?:ค่า|คะแนน|ผล|ตัวเลข))"
)
_SAYS = re.compile(rf"(?:^|{_POINTS}){_LINK}(?:{_QUANTITY}|{_YEAR})", re.IGNORECASE)


_LONGEST = 500  # characters of a remark in which it says what its figure is


@lru_cache(maxsize=20_000)
def names_another(written: str, fiscal_year: str) -> bool:
    """Whether a remark beside a figure of `fiscal_year` ('' unknown) says that it is none of it."""
    for found in _SAYS.finditer(digits(written[:_LONGEST])):
        year = found[1]
        if not year or fiscal_year and fiscal_year[-2:] != year[-2:]:
            return True
    return False
