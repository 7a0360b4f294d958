"""A small registry with a rename, a merger and equal names, and rows of a whole year."""

from ingestion import framework
from ingestion.agencies import EVER, Agency

AGENCIES = [
    Agency(
        "S1",
        "องค์การบริหารส่วนตำบลสามพร้าว",
        "sao",
        "41",
        "เมืองอุดรธานี",
        2560,
        EVER,
        aliases=("อบต.สามพร้าวเมือง",),
    ),
    Agency("S2", "องค์การบริหารส่วนตำบลหนองไผ่", "sao", "41", "เมืองอุดรธานี", 2560, EVER),
    Agency(
        "S3", "องค์การบริหารส่วนตำบลหนองไผ่", "sao", "41", "หนองหาน", 2560, EVER
    ),  # the same name in one province
    Agency("S4", "องค์การบริหารส่วนตำบลหนองไผ่", "sao", "67", "หนองไผ่", 2560, EVER),  # and in another
    Agency(
        "U1", "องค์การบริหารส่วนตำบลบ้านจั่น", "sao", "41", "เมืองอุดรธานี", 2560, 2565
    ),  # upgraded in 2566
    Agency("U1", "เทศบาลตำบลบ้านจั่น", "tambon_mun", "41", "เมืองอุดรธานี", 2566, EVER),
    Agency(
        "O1", "เทศบาลตำบลเก่าหนึ่ง", "tambon_mun", "50", "สันทราย", 2560, 2566
    ),  # merged into N1 in 2567
    Agency("O2", "เทศบาลตำบลเก่าสอง", "tambon_mun", "50", "สันทราย", 2560, 2566),
    Agency("N1", "เทศบาลเมืองใหม่", "town", "50", "สันทราย", 2567, EVER, replaces=("O1", "O2")),
    Agency("C1", "กรมทดสอบ", "department", "", "", 2560, EVER),
]
HEADER = (
    "fiscal_year,agency_id,agency_name,agency_type,province,district,"
    "level,code,part,score,rating,remark,flagged"
)


def whole_year(
    fiscal_year: int, agency: str, score: float | str = 100, parts: bool = True
) -> list[str]:
    """Rows of every item of a year for `judge_rows`."""
    year = framework.load().years[fiscal_year]
    return [
        f"{fiscal_year},{agency},item,{item.code},{part},{score}"
        for item in year.items.values()
        for part in (("public", "survey") if item.instrument == "EIT" and parts else ("",))
    ]
