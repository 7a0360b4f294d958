"""A verdict in lines of text: for the terminal, mail and webhooks. The page says the same words."""

from operations.words import thai_time, time

STATES = {
    "published": ("เผยแพร่แล้ว", "published"),
    "nothing_new": ("ไม่มีข้อมูลใหม่", "nothing new"),
    "held": ("รอผู้อนุมัติ", "held"),
    "not_published": ("ไม่ได้เผยแพร่", "not published"),
}
SHOWN = 20


def headline(verdict: dict) -> str:
    thai, english = STATES[verdict["state"]]
    return f"{thai} / {english}"


def thai(verdict: dict) -> list[str]:
    """State, reason, what to do, the last good night, by when the next verdict must be there."""
    said = [f"{STATES[verdict['state']][0]}: {verdict['reason_th']}"]
    if verdict["do_th"]:
        said.append(f"สิ่งที่ต้องทำ: {verdict['do_th']}")
    if verdict["going_since"]:
        said.append(f"กำลังทำงานรอบใหม่ตั้งแต่ {thai_time(verdict['going_since'])}")
    said.append(f"คืนที่เรียบร้อยล่าสุด: {thai_time(verdict['last_good'])}")
    said.append(
        f"เขียนเมื่อ {thai_time(verdict['written_at'])} ผลครั้งต่อไปต้องมีภายใน "
        f"{thai_time(verdict['next_by'])}"
    )
    return said


def english(verdict: dict) -> list[str]:
    """The same in English."""
    said = [f"{STATES[verdict['state']][1]}: {verdict['reason_en']}"]
    if verdict["do_en"]:
        said.append(f"to do: {verdict['do_en']}")
    if verdict["going_since"]:
        said.append(f"a new run goes on since {time(verdict['going_since'])}")
    said.append(f"last good night: {time(verdict['last_good'])}")
    said.append(f"written {time(verdict['written_at'])}, the next by {time(verdict['next_by'])}")
    return said


def problem_lines(problems: list[dict], language: str) -> list[str]:
    """A line for each, the first SHOWN of them."""
    lines = [f"- {problem[f'text_{language}']}" for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"- … ({len(problems)})")
    return lines
