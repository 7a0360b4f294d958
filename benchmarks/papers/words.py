"""Words and names that documents are made of, and a document being written."""

from dataclasses import dataclass, field

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
SHORT = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
]
FIRST = ["บ้าน", "หนอง", "ท่า", "โคก", "ดอน", "ห้วย", "นา", "คลอง", "วัง", "โพธิ์", "ทุ่ง", "สวน"]
SECOND = [
    "ใหม่",
    "แดง",
    "งาม",
    "สูง",
    "ยาว",
    "ทราย",
    "บัว",
    "ขาม",
    "หว้า",
    "แก้ว",
    "ช้าง",
    "ตาล",
    "เสลา",
    "ประดู่",
]
UNITS = ["สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "งานนิติการ", "งานพัสดุ / กองคลัง"]
DOINGS = [
    "จัดทำคู่มือการปฏิบัติงานและเผยแพร่ให้ประชาชนทราบ",
    "ประชุมชี้แจงบุคลากรเรื่องการใช้ทรัพย์สิน",
    "เปิดช่องทางรับฟังความคิดเห็นทางออนไลน์",
    "ทบทวนแผนการใช้จ่ายงบประมาณร่วมกับบุคลากร",
    "อบรมจริยธรรมแก่เจ้าหน้าที่ทุกระดับ",
    "ตรวจสอบทะเบียนพัสดุทุกไตรมาส",
]
TYPES = {
    "sao": "องค์การบริหารส่วนตำบล",
    "tambon_mun": "เทศบาลตำบล",
    "town": "เทศบาลเมือง",
    "city": "เทศบาลนคร",
    "pao": "องค์การบริหารส่วนจังหวัด",
}
# Agencies of other types: how their names begin and end; {} is a subject or a place.
OTHERS = {
    "department": ["กรม{}", "สำนักงานปลัดกระทรวง{}", "สำนักงานคณะกรรมการ{}แห่งชาติ"],
    "soe": ["องค์การ{}", "การไฟฟ้า{}", "บริษัท {} จำกัด"],
    "public_org": ["สถาบัน{} (องค์การมหาชน)", "สำนักงานพัฒนา{} (องค์การมหาชน)"],
    "university": ["มหาวิทยาลัย{}", "สถาบันเทคโนโลยี{}"],
    "court": ["สำนักงานศาล{}"],
    "independent": ["สำนักงานผู้ตรวจการ{}"],
    "prosecutor": ["สำนักงานอัยการ{}"],
    "parliament": ["สำนักงานเลขาธิการสภา{}"],
    "fund": ["กองทุน{}"],
    "other_state": ["สำนักงาน{}แห่งประเทศไทย", "สภา{}"],
    "province": ["จังหวัด{}"],
    "special_lao": ["กรุงเทพมหานคร", "เมืองพัทยา"],
}
SUBJECTS = [
    "การข้าว",
    "พลังงานทดแทน",
    "การค้าชายแดน",
    "ทรัพยากรน้ำ",
    "สวัสดิการสังคม",
    "นวัตกรรมการเกษตร",
    "การขนส่งทางราง",
    "พืชสวน",
    "การประเมินคุณภาพ",
]
# Agencies that documents name without being about them.
BYSTANDERS = [
    ("N", "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ", "independent", ""),
    ("D", "กรมส่งเสริมการปกครองท้องถิ่น", "department", ""),
    ("B", "กรุงเทพมหานคร", "special_lao", "10"),
    ("P", "เมืองพัทยา", "special_lao", "20"),
]
RUNNING = ["รายงานผลการประเมิน ITA", "รายงานการประเมินคุณธรรมและความโปร่งใส"]
SCALES = [" (๐-๑๐๐)", " (0 - 100)", " (ร้อยละ)", " (เต็ม 100 คะแนน)", "เฉลี่ย", "ที่ได้รับ"]
LEVELS_TH = {
    "excellent": "ผ่านดีเยี่ยม",
    "good": "ผ่านดี",
    "pass": "ผ่าน",
    "improve": "ต้องปรับปรุง",
    "urgent": "ต้องปรับปรุงโดยด่วน",
}


@dataclass
class Paper:
    """A document being written: pieces are paragraphs (str) or tables (header, rows of cells).

    `truth` is what must be read from it.
    """

    pieces: list = field(default_factory=list)
    truth: dict[tuple, str] = field(default_factory=dict)
    illegible: set[tuple] = field(
        default_factory=set
    )  # spoiled on purpose: may be missing, must not be wrong

    def table(self, header: list[str], rows: list[list[str]]) -> None:
        """Add a table."""
        self.pieces.append((header, rows))
