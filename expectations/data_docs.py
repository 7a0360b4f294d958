"""Great Expectations' Data Docs, made to open without a network.

ITA_HOME/documents/data_docs/index.html.

The pages that Great Expectations draws load scripts, styles, fonts and pictures from the network,
and its index is drawn by those scripts. So all that is taken out, one small style sheet is put in,
and the index is a page of ours.
"""

import shutil
from pathlib import Path

import jinja2
import lxml.html

from warehouse import durable, settings, thai_dates

TEMPLATES = Path(__file__).parent / "templates"
GATES = ("submissions", "candidate")


def workshop(gate: str) -> Path:
    """An empty folder for Great Expectations to draw the pages of a gate in."""
    folder = settings.folder("documents") / "data_docs" / f"{gate}.new"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write(gate: str, drawn: Path) -> None:
    """Make the pages in `drawn` readable without a network and put them in the place of the gate's
    last ones.
    """
    shutil.rmtree(drawn / "static", ignore_errors=True)
    (drawn / "index.html").unlink()
    style = _style()
    for page in drawn.rglob("*.html"):
        page.write_bytes(
            offline(
                page.read_text(encoding="utf-8"),
                style,
                "../" * len(page.relative_to(drawn.parent).parent.parts) + "index.html",
            )
        )
    place = drawn.with_suffix("")
    shutil.rmtree(place, ignore_errors=True)
    drawn.rename(place)


def offline(page: str, style: str, home: str) -> bytes:
    """An HTML page of Great Expectations without anything that the reader's browser would fetch or
    run, styled by `style`.

    `home` replaces the links to Great Expectations' own index.
    """
    document = lxml.html.document_fromstring(page)
    for element in document.xpath(
        "//script | //link | //style | //img | //footer | //button | //nav[contains(@class, "
        "'navbar-expand-md')]"
        " | //div[contains(@class, 'card')][.//*[@onclick]] | //iframe | "
        "//p[a[@data-toggle='collapse']]"
    ):
        element.drop_tree()
    for link in document.xpath("//a[@href]"):
        if link.get("href").endswith("index.html"):
            link.set("href", home)
        elif "://" in link.get("href") or "expectations/" in link.get(
            "href"
        ):  # pages that are not drawn
            link.drop_tag()
    for title in document.xpath("//title")[1:]:
        title.drop_tree()
    head = document.find("head")
    head.append(lxml.html.fragment_fromstring(f"<style>{style}</style>"))
    document.find("body").insert(
        0,
        lxml.html.fragment_fromstring(
            f'<p class="home"><a href="{home}">ผลการตรวจสอบข้อมูล / all checks</a></p>'
        ),
    )
    return lxml.html.tostring(document, encoding="utf-8", doctype="<!DOCTYPE html>")


def write_index() -> None:
    """Write the index of both gates' last results and pages; for when neither gate runs."""
    folder = settings.folder("documents") / "data_docs"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thai_time"] = thai_dates.moment
    gates = [latest for gate in GATES if (latest := _latest(gate))]
    for gate in gates:
        pages = {
            path.parent.parent.parent.name: path.relative_to(folder).as_posix()
            for path in (folder / gate["gate"]).glob("validations/*/*/*/*.html")
        }
        gate["suites"] = [
            {
                "name": name,
                "page": pages.get(name),
                "checks": [check for check in gate["checks"] if check["suite"] == name],
            }
            for name in dict.fromkeys(check["suite"] for check in gate["checks"])
        ]
    page = environment.get_template("data_docs.html").render(gates=gates, style=_style())
    durable.write(folder / "index.html", page)


def _style() -> str:
    return (TEMPLATES / "data_docs.css").read_text(encoding="utf-8")


def _latest(gate: str) -> dict | None:
    """The gate's last result, as gate.run wrote it; None before its first run, and where it is
    broken: that of another night must not stop this one's."""
    files = (settings.folder("documents") / "checks").glob(f"{gate}-*.json")
    whole = [file for file in files if file.is_file()]
    newest = max(whole, key=lambda file: file.stat().st_mtime_ns, default=None)
    found = durable.read_json(newest) if newest else None
    return found if found and isinstance(found.get("checks"), list) else None
