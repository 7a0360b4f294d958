"""For benchmarks/fuzz_intake.py: well-formed files of every layout, which it mutates."""

import html
import io
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from benchmarks import extraction
from ingestion import framework, template
from ingestion.agencies import EVER, Agency, Registry
from tests.ingestion.old_excel import xls
from warehouse.settings import REPOSITORY

ROWS = [
    ("1630001", "องค์การบริหารส่วนจังหวัดตาก", "pao", "63"),
    ("4240503", "เทศบาลตำบลลาดขวาง", "tambon_mun", "24"),
    ("4341506", "เทศบาลตำบลเมืองศรีไค", "tambon_mun", "34"),
    ("5300907", "องค์การบริหารส่วนตำบลเมืองโดน", "sao", "30"),
    ("5560112", "องค์การบริหารส่วนตำบลแม่ใส", "sao", "56"),
]
AGENCIES = [
    Agency(code, name, kind, province, "", 2560, EVER) for code, name, kind, province in ROWS
]
# How many of each kind are mutated.
DOCUMENTS = {"rows": 4, "cells": 4, "html": 3, "docx": 3, "pdf": 2}


def corpus(seed: int) -> tuple[dict[str, list[tuple[str, bytes]]], Registry]:
    """Small well-formed files of every layout, by kind (name and bytes), and a registry of the
    agencies that they name.
    """
    samples = {
        file.name: file.read_bytes()
        for file in sorted((REPOSITORY / "ingestion" / "samples").iterdir())
    }
    tables = {name: data for name, data in samples.items() if name.endswith(".csv")}
    table = next(
        data.decode()
        for name, data in tables.items()
        if "valid_from" not in data.decode()[:400] and ",score" in data.decode()[:400]
    )
    rows = [line.split(",") for line in table.splitlines()[:60]]
    found = {
        "json": [(name, data) for name, data in samples.items() if name.endswith(".json")],
        "csv": [
            *tables.items(),
            ("comma decimals", table.replace(",", ";").replace(".", ",").encode("cp874", "ignore")),
            ("utf-16", table.replace(",", "\t").encode("utf-16")),
        ],
        "xlsx": [
            ("template.xlsx", _template()),
            ("wide.xlsx", _wide(percent=False)),
            ("percent.xlsx", _wide(percent=True)),
        ],
        "xls": [("old.xls", xls([[_figure(cell) for cell in row] for row in rows]))],
        "table in html": [
            ("table.html", _page(rows).encode()),
            ("saved as .xls", _page(rows).encode("cp874", "ignore")),
        ],
        "document": [],
        "pdf": [],
    }
    wanted, agencies, number = dict(DOCUMENTS), list(AGENCIES), seed * 1_000_000
    while any(wanted.values()):
        _, kind, _, registry, data = extraction.write(number)
        if wanted[kind]:
            wanted[kind] -= 1
            agencies += [
                replace(agency, agency_id=f"{agency.agency_id}{number}")
                for agency in registry.rows()
            ]
            found["pdf" if kind == "pdf" else "document"].append((f"document {number}", data))
        number += 1
    return found, Registry(agencies, framework.load())


def _figure(cell: str) -> str | float:
    return float(cell) if re.fullmatch(r"\d+\.\d+", cell) else cell


def _template() -> bytes:
    with TemporaryDirectory() as folder:
        template.write(Path(folder) / "template.xlsx", 2568, None, None)
        return (Path(folder) / "template.xlsx").read_bytes()


def _wide(percent: bool) -> bytes:
    """A wide table under a merged title, its header in two rows, a second sheet, a hidden one, a
    formula.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        shown = book.add_format({"num_format": "0.00%"}) if percent else None
        for name, year in (("ผล 2568", 2568), ("ผล 2567", 2567), ("ซ่อน", 2566)):
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, 8, f"ผลการประเมิน ITA ปีงบประมาณ พ.ศ. {year}")
            sheet.write_row(
                2, 0, ["ที่", "ปีงบประมาณ", "หน่วยงาน", "จังหวัด", "คะแนนรวม", "IIT", "EIT", "", "OIT"]
            )
            sheet.write_row(3, 0, ["", "", "", "", "", "", "ส่วนที่ 1", "ส่วนที่ 2", ""])
            for number, (_, agency, _, _) in enumerate(ROWS, 4):
                sheet.write_row(number, 0, [number - 3, year, agency, ""])
                for column in range(4, 8):
                    value = 90 + number / 4
                    sheet.write(number, column, value / 100 if percent else value, shown)
                sheet.write_formula(number, 8, "=AVERAGE(E1:H1)", shown, 0.5 if percent else 91.5)
            if name == "ซ่อน":
                sheet.hide()
    return out.getvalue()


def _page(rows: list[list[str]]) -> str:
    lines = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    table = f"<table border=1>{lines}</table>"
    return f"<html><head><meta charset=utf-8></head><body>{table}</body></html>"
