"""Pages from their templates; every value is escaped where it is set in."""

from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from counter import codes, figures, forms, thai
from counter.visitor import Visitor

_PROBLEMS = {
    400: "ข้อมูลที่ส่งมาไม่ถูกรูปแบบ โปรดย้อนกลับแล้วลองใหม่",
    403: "หน้านี้เปิดค้างไว้นานเกินไป หรือเบราว์เซอร์ไม่เก็บคุกกี้"
    " โปรดเปิดหน้าใหม่แล้วส่งอีกครั้ง หากยังไม่ได้ ให้อนุญาตคุกกี้ของเว็บไซต์นี้",
    404: "ไม่พบหน้านี้ หรือท่านไม่มีสิทธิ์ดู",
    405: "ไม่พบหน้านี้ หรือท่านไม่มีสิทธิ์ดู",
    413: "แฟ้มใหญ่เกินกำหนด ยังไม่ได้รับแฟ้มนี้ ลบภาพหรือแผ่นงานที่ไม่เกี่ยวข้องออก แล้วตรวจใหม่",
    429: "มากเกินไปในเวลาสั้น สิ่งที่กดเมื่อครู่ยังไม่ได้ทำ โปรดรอสักครู่แล้วลองใหม่",
    500: "ระบบขัดข้อง งานของท่านที่ส่งแล้วยังอยู่ โปรดลองใหม่ในอีกสักครู่",
    507: "ขณะนี้พื้นที่เก็บแฟ้มเต็ม โปรดลองใหม่ภายหลัง",
}
_environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "day": thai.day,
    "clock": thai.clock,
    "hour": thai.hour,
    "score": thai.score,
    "size": thai.size,
    "figure": figures.named,
    "province": lambda code: thai.provinces().get(code or "00", code),
    "agency_type": lambda code: thai.types().get(code, code),
}


def render(
    request: Request, template: str, who: Visitor | None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page; `form_key` is what its forms carry."""
    fresh = "" if who or forms.FORM_COOKIE in request.cookies else codes.token()
    request.state.form_cookie = fresh
    content = _environment.get_template(template).render(
        who=who, form_key=forms.key_of(request, who), path=request.url.path, **values
    )
    answer = HTMLResponse(content, status)
    if fresh:
        secure = request.app.state.settings.secure
        answer.set_cookie(forms.FORM_COOKIE, fresh, httponly=True, samesite="lax", secure=secure)
    return answer


def problem(request: Request, status: int) -> HTMLResponse:
    """What went wrong, in words; nothing of what the server knows."""
    status = status if status in _PROBLEMS else 500 if status >= 500 else 400
    content = _environment.get_template("problem.html").render(
        who=None, form_key="", path="", said=_PROBLEMS[status], status=status
    )
    return HTMLResponse(content, 404 if status == 405 else status)
