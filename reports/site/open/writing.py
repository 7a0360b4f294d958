"""Write the open site: the pages that changed, and nothing else.

`.pages.csv` in the site's folder says for each address what its page was made from. A page whose
digest there is another one is written; an address that no fact stands behind any more gets a page
that says so: addresses never die. Files are renamed into their place; the list is written last,
when the disk has them all, so that what was cut off is done again. A file that is gone, or was
written after the list, is made again too: somebody else removed or changed it.
"""

import gc
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import jinja2

from reports.setting import palette
from reports.setting.pdf import fonts
from reports.site.open import agencies, downloads, kept, listed, pages
from reports.site.open.facts import CENTRAL, Document, Facts
from warehouse import durable, workers
from warehouse.connect import connect

HERE = Path(__file__).parent
CHUNK = 500  # pages of agencies in one job


def run(folder: Path, build_id: str | None, of_years: dict[int, str]) -> dict[str, int]:
    """Bring the site in `folder` up to date with the published build `build_id`; one that the site
    shows already, written by the same release, is not read again.

    of_years: fiscal year -> what decides the marts of that year and those before. Years that
    nothing was new in, up to the first in which something was, are not exported again.
    Gives {"pages": how many there are, "written": how many of them now, "files": downloads and
    static files written}. Without a published build nothing is written.
    """
    before, nothing = listed.read(folder), {"pages": 0, "written": 0, "files": 0}
    if not build_id:
        return nothing
    looked = _beside(listed.as_written, folder, before)
    shown = before.get("=build") == f"{build_id} {_release()}" or _is_of(before, of_years)
    if shown and looked.result() == before:
        return {**nothing, "pages": sum(1 for address in before if not address.startswith("="))}
    folder.mkdir(parents=True, exist_ok=True)
    with connect("ita_site", autocommit=True) as site, connect("ita_pack") as packs:
        facts = Facts(site, packs)
        if not facts.years:
            return nothing
        return _Writing(folder, facts, looked.result(), build_id, of_years).all()


def _is_of(before: dict[str, str], of_years: dict[int, str]) -> bool:
    """Was all that the site shows decided by the same files, rules and models?"""
    now = {f"=year/{year}": f"{of_year} {_release()}" for year, of_year in of_years.items()}
    return bool(now) and now == {a: d for a, d in before.items() if a.startswith("=year/")}


class _Writing:
    def __init__(
        self,
        folder: Path,
        facts: Facts,
        before: dict[str, str],
        build_id: str,
        of_years: dict[int, str],
    ) -> None:
        self.folder, self.facts, self.before = folder, facts, before
        self.release = _release()
        self.now = {"=build": f"{build_id} {self.release}"}
        self.of_years = {year: f"{of_year} {self.release}" for year, of_year in of_years.items()}
        self.environment = pages.environment()
        self.environment.globals.update(pages.shared(facts))
        self.agencies = agencies.Pages(self.environment, facts)
        self._note_years()
        self.kept = kept.find(facts, self.before, self.now)
        self.now.update(self.kept.pages)
        facts.new_years = self.kept.years
        self.pages: list[pages.Page] = []
        self.written = 0

    def _note_years(self) -> None:
        assessed = max((year for year, _ in self.facts.assessed), default=0)
        self.now["=years"] = _digest(f"{self.facts.years} {assessed}")
        for year, of_year in self.of_years.items():
            self.now[f"=year/{year}"] = of_year

    def all(self) -> dict[str, int]:
        documents = _ahead(self.facts.documents(self.kept.years, self.kept.agencies))
        files, described = self._static(), self._kept_downloads()
        self.pages = list(self._of_all())
        gc.freeze()  # what is here now is the processes' too, until their collector writes into it
        for job, result in workers.run(self._do, self._jobs(described, documents)):
            if isinstance(result, BaseException):
                raise result
            if isinstance(result, downloads.Data):
                name, year = job
                self.now[f"=download/{year}/{name}"] = result.digest
                described[name, year] = result.resource
                files += result.written
            else:
                self.written += result
        resources = [described[key] for key in self._downloads()]
        files += downloads.describe(self.folder, self.facts, resources, self._changed)
        self._of_the_gone()
        if self.now != self.before:
            os.sync()  # thousands of small files: one call, not one each
            listed.write(self.folder, self.now)
        addresses = sum(1 for address in self.now if not address.startswith("="))
        return {"pages": addresses, "written": self.written, "files": files}

    def _jobs(
        self, described: dict[tuple[str, int], Any], documents: Iterator[Document]
    ) -> Iterator[tuple[Any, int]]:
        """What is left to write: (name, year) of data, a slice of `pages`, or a list of agencies'
        pages; and the bytes that the job holds."""
        for name, year in self._downloads():
            if (name, year) not in described:
                yield (name, year), 30_000_000
        for begin in range(0, len(self.pages), 10):
            yield slice(begin, begin + 10), 1_000_000
        for chunk in _chunks(self._of_agencies(documents), CHUNK):
            yield chunk, len(chunk) * 2000

    def _do(self, job: Any) -> Any:
        """In a process of its own: write data, or render and write pages; how many."""
        if isinstance(job, tuple):
            name, year = job
            before = self.before.get(f"=download/{year}/{name}", "")
            return downloads.write_data(self.folder, name, year, before)
        if isinstance(job, slice):
            for address, template, content in self.pages[job]:
                self._put_page(address, _render(self.environment, address, template, content))
            return len(self.pages[job])
        for address, document in job:
            self._put_page(address, self.agencies.render(document))
        return len(job)

    def _put_page(self, address: str, page: str) -> None:
        _put(f"{self.folder}/{address}", "index.html", page.encode())

    def _downloads(self) -> Iterator[tuple[str, int]]:
        return ((name, year) for name in downloads.TABLES for year in self.facts.years)

    def _changed(self, address: str, digest: str) -> bool:
        """Note what the page is made from now; is that something new?"""
        self.now[address] = digest
        return self.before.get(address) != digest

    def _kept_downloads(self) -> dict[tuple[str, int], dict[str, Any]]:
        """(name, year) -> description of the data that are those of the site already."""
        package = durable.read_json(self.folder / "download/datapackage.json") or {}
        found = {}
        for resource in package.get("resources", []):
            name, _, year = resource["name"].rpartition("-")
            key = f"=download/{year}/{name}"
            same = self.before.get(f"=year/{year}") == self.of_years.get(int(year), "unknown")
            if same and f"sha256:{self.before.get(key)}" == resource["hash"]:
                self.now[key] = self.before[key]
                found[name, int(year)] = resource
        return found

    def _static(self) -> int:
        contents = dict(_static_files())
        contents["names.js"] = _names(self.facts)
        contents.update(
            (f"ranking/{year}/rows.js", _ranking(self.facts.listed(year)))
            for year in self.kept.years
        )
        new = {
            name: content
            for name, content in contents.items()
            if self._changed(f"={name}", _digest(content))
        }
        for name, content in new.items():
            path = self.folder / name
            _put(path.parent, path.name, content)
        return len(new)

    def _of_all(self) -> Iterator[pages.Page]:
        """Those of the country, types, provinces and items whose content is another one."""
        for address, template, content in pages.of_all(self.facts, self.kept.years):
            said = f"{self.release}{self.facts.years}{json.dumps(content, default=str)}"
            if self._changed(address, _digest(said)):
                yield address, template, content

    def _of_agencies(self, documents: Iterator[Document]) -> Iterator[tuple[str, str]]:
        """(address, document) of those whose own facts, or the means of their type, are others
        than on their page."""
        beside = {
            key: _digest(
                f"{self.release}{self.facts.years}{sorted(means.items())}"
                f"{self.agencies.provisional.get(key[0])}"
            )[:8]
            for key, means in self.facts.indicator_means.items()
        }
        alone = _digest(f"{self.release}{self.facts.years}")[:8]
        for agency_id, year, kind, document in documents:
            address = f"{year}/{agency_id}"
            if self._changed(address, _digest(document) + beside.get((year, kind), alone)):
                yield address, document

    def _of_the_gone(self) -> None:
        """Addresses of before without facts now; and the years after an agency has ended."""
        gone = {
            address for address in self.before if address not in self.now and address[:1] != "="
        }
        for row in self.facts.names:
            last = row["last_fiscal_year"]
            gone.update(
                f"{year}/{row['agency_id']}"
                for year in self.facts.years
                if last and year > last and f"{year}/{row['agency_id']}" not in self.now
            )
        known = {row["agency_id"]: row for row in self.facts.names}
        for address in sorted(gone):
            first, _, rest = address.partition("/")
            agency = known.get(rest) if first.isdigit() else None
            said = {"agency": agency, **self._successor(agency, known, gone)}
            page = _render(self.environment, address, "gone.html", said)
            if self._changed(address, kept.GONE + _digest(page)):
                self._put_page(address, page)
                self.written += 1

    def _successor(
        self, agency: dict[str, Any] | None, known: dict[str, Any], gone: set[str]
    ) -> dict[str, str]:
        """What an agency has become: its name and the address of its newest page, '' for none."""
        successor = known.get((agency or {}).get("replaced_by") or "")
        if not successor:
            return {"successor": (agency or {}).get("replaced_by") or "", "successor_address": ""}
        address = f"{self.facts.years[-1]}/{successor['agency_id']}"
        there = address in self.now or address in gone
        return {
            "successor": successor["name_th"],
            "successor_address": address if there else "",
        }


def _digest(content: str | bytes) -> str:
    content = content if isinstance(content, bytes) else content.encode()
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _render(
    environment: jinja2.Environment, address: str, template: str, content: dict[str, Any]
) -> str:
    root = "../" * (address.count("/") + 1) if address else ""
    return environment.get_template(template).render(root=root, **content)


def _put(folder: Path | str, name: str, content: bytes) -> None:
    """Write a file under another name, then give it its own; `run` has the disk keep them all."""
    draft = f"{folder}/{durable.draft_name(name)}"
    try:
        _write(draft, content)
    except FileNotFoundError:  # a first page of this address
        Path(folder).mkdir(parents=True, exist_ok=True)
        _write(draft, content)
    os.replace(draft, f"{folder}/{name}")  # noqa: PTH105 - as below


def _write(path: str, content: bytes) -> None:
    """Write a file named by text: objects of paths cost as much as the writing of a small file."""
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(content)


def _static_files() -> Iterator[tuple[str, bytes]]:
    for path in sorted((HERE / "static").iterdir()):
        text = path.read_text("utf-8")
        for name in ("INK", "BRAND", "PALE", "RULE", "GRID"):
            text = text.replace(f"${name}", getattr(palette, name))
        yield path.name, text.encode()
    for style in ("Regular", "Bold"):
        yield f"sarabun-{style.lower()}.woff2", fonts.web(style)


def _names(facts: Facts) -> bytes:
    """What the search looks through, loaded when somebody begins to type."""
    newest = facts.years[-1]
    rows = [
        [
            row["agency_id"],
            row["name_th"],
            facts.types[row["agency_type"]]["short_th"] or "",
            row["province_code"] or CENTRAL,
            row["district_th"] or "",
            min(row["last_fiscal_year"] or newest, newest),
        ]
        for row in facts.names
        if row["first_fiscal_year"] <= newest
    ]
    provinces = {code: row["province_th"] for code, row in facts.provinces.items()}
    text = downloads.json_text({"rows": rows, "provinces": provinces})
    return f"window.ITA_NAMES={text};\n".encode()


def _ranking(listed: list[dict[str, Any]]) -> bytes:
    columns = (
        "agency_id", "name_th", "agency_type", "province_code", "overall_score", "level_th",
        "national_rank", "rank_change",
    )  # fmt: skip
    rows = [[row[column] for column in columns] for row in listed]
    return f"window.ITA_RANKING={downloads.json_text(rows)};\n".encode()


def _release() -> str:
    """A digest of what all pages are made with: another one makes all of them out of date."""
    digest = hashlib.md5(usedforsecurity=False)
    for path in sorted((*(HERE / "templates").iterdir(), *HERE.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _beside(do: Callable[..., Any], *arguments: Any) -> Future:
    """Begin to do something while the caller does something else."""
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(do, *arguments)
    pool.shutdown(wait=False)
    return begun


def _ahead(values: Iterator[Any]) -> Iterator[Any]:
    """The same; the first is fetched from now on, while its caller does something else."""
    first = _beside(next, values, None)

    def all_() -> Iterator[Any]:
        if (value := first.result()) is not None:
            yield value
            yield from values

    return all_()


def _chunks(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk
