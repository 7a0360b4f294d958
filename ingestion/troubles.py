"""What a night could not read, or found to be not what it was: said, and kept for the page."""

from dataclasses import dataclass
from datetime import datetime

import psycopg

# reason → (serious, Thai, English); not serious: it only waits, the next night looks again
REASONS = {
    "no_permission": (
        True,
        "ไม่มีสิทธิ์เปิด",
        "it may not be opened: give the warehouse's user the right",
    ),
    "link": (
        True,
        "เป็นลิงก์ ซึ่งระบบไม่ตามไป ให้วางแฟ้มจริง",
        "a link, which is never followed: put the file itself there",
    ),
    "no_file": (
        True,
        "ไม่ใช่แฟ้มธรรมดา (เช่น pipe หรือ device)",
        "no regular file (a pipe, a socket, a device): remove it",
    ),
    "too_large": (True, "ใหญ่เกินกำหนด ให้แบ่งแฟ้ม", "larger than any reader takes: split it"),
    "no_room": (
        True,
        "ที่ว่างในคลังต้นฉบับไม่พอ แฟ้มยังอยู่ที่เดิม",
        "no room in the archive: it stays where it is; make room",
    ),
    "not_verified": (
        True,
        "สำเนาในคลังต้นฉบับไม่ตรงกับแฟ้มที่รับ",
        "the copy in the archive is not what was read: look at the disk",
    ),
    "system": (True, "ระบบอ่านหรือเขียนไม่ได้", "the system could not read or write it"),
    "checksum": (
        False,
        "ไม่ตรงกับผลรวมตรวจสอบ (.sha256) ที่แนบมา รอแฟ้มที่ครบถ้วน",
        "not what the .sha256 beside it says: it waits until it is",
    ),
    "lone_checksum": (
        False,
        "ผลรวมตรวจสอบที่ยังไม่มีแฟ้มของมัน",
        "a checksum whose file is not there yet: it waits",
    ),
    "changing": (
        False,
        "ยังเขียนไม่เสร็จ รอการปรับปรุงรอบถัดไป",
        "still being written: it waits for the next refresh",
    ),
    "unfinished": (
        False,
        "ชื่อบอกว่ายังส่งไม่ครบ เปลี่ยนชื่อเมื่อครบแล้ว",
        "its name says that it is not whole: rename it when it is",
    ),
    "stays": (
        True,
        "รับเข้าคลังแล้ว แต่นำออกจาก landing ไม่ได้ ให้สิทธิ์ลบแก่ผู้ใช้ของระบบ",
        "taken in, but it cannot leave landing: give the warehouse's user the right to remove it",
    ),
    "clock": (
        False,
        "นาฬิกาของเครื่องช้ากว่าเวลาที่รับแฟ้มล่าสุด แฟ้มที่รับครั้งนี้จึงนับว่ามาทีหลัง ให้ตรวจนาฬิกา",
        "the machine's clock is behind the last file that was seen: what comes now counts as"
        " later; look at the clock",
    ),
    "missing": (
        True,
        "ต้นฉบับหายจากคลัง ให้นำกลับจากสำเนาสำรอง",
        "the original is gone from the archive: bring it back from the back-up",
    ),
    "changed": (
        True,
        "ต้นฉบับในคลังถูกเปลี่ยนแปลง ให้นำกลับจากสำเนาสำรอง",
        "the original in the archive was changed: bring it back from the back-up",
    ),
    "unreadable": (
        True,
        "อ่านต้นฉบับในคลังไม่ได้",
        "the original in the archive cannot be read: see its rights and the disk",
    ),
    "record": (
        True,
        "บันทึกการรับไม่ครบหรือถูกเปลี่ยนแปลง ให้นำกลับจากสำเนาสำรอง",
        "a record of arrivals is lost or was changed: bring it back from the back-up",
    ),
}


@dataclass(frozen=True)
class Trouble:
    """One thing. `place`: path below ITA_HOME; `reason` of REASONS; `detail` the system's word."""

    place: str
    reason: str
    detail: str = ""

    @property
    def serious(self) -> bool:
        return REASONS[self.reason][0]

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.place}: {REASONS[self.reason][2]}{detail}"


def of_error(place: str, error: OSError) -> Trouble:
    """The trouble that the system's error means."""
    if isinstance(error, PermissionError):
        return Trouble(place, "no_permission", error.strerror or "")
    return Trouble(place, "system", error.strerror or type(error).__name__)


def replace(
    conn: psycopg.Connection, kind: str, found: list[Trouble], at: datetime | None = None
) -> None:
    """Make `found` all that is known of one kind (landing, archive, record) of trouble."""
    rows = [
        (
            _printable(one.place),
            kind,
            one.serious,
            f"{REASONS[one.reason][1]}{f' ({one.detail})' if one.detail else ''}",
            f"{REASONS[one.reason][2]}{f' ({one.detail})' if one.detail else ''}",
            at,
        )
        for one in found
    ]
    with conn.transaction():
        conn.execute("delete from ops.trouble where kind = %s", [kind])
        conn.cursor().executemany(
            "insert into ops.trouble values (%s, %s, %s, %s, %s, %s) on conflict do nothing", rows
        )


KINDS = ("landing", "archive", "record", "judge")


def serious(conn: psycopg.Connection, kinds: tuple[str, ...] = KINDS) -> list[str]:
    """A line for each serious one of these kinds that is known now."""
    rows = conn.execute(
        "select place, message_en from ops.trouble where serious and kind = any(%s) order by place",
        [list(kinds)],
    ).fetchall()
    return [f"{place}: {message}" for place, message in rows]


def _printable(place: str) -> str:
    return place.encode("utf-8", "replace").decode().replace("\0", "")
