"""What is new: packs of the newest published year, receipts of agencies' own files.

A pack is what went into it (`own_key` of its manifest): that ranks and means of others moved makes
it no other. A receipt is an agency's own where the file came by an inbox that speaks for it alone,
as on the counter. A thing is new until a message has it (ops.delivered); one of a message that a
mailbox refused is new again when its address is another.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from warehouse import secret, thai_dates

# A receipt of longer ago is no news: its sender has looked, or has sent the file again.
RECEIPTS_OF = timedelta(days=7)

NEWEST = "select max(fiscal_year) from mart.assessment where overall_score is not null"
PUBLISHED = "select agency_id from mart.assessment where fiscal_year = %s"
RECEIPTS = """
    select substr(speaks_for, 8) as agency_id, submission_sha256, received_seq, file_name, state,
           errors, warnings
    from raw.submission
    where speaks_for like 'agency:%%'
        and state in ('accepted', 'accepted_with_warnings', 'rejected') and seen_at > %s
    order by received_seq"""
REGISTERED = """
    select distinct on (a.agency_id) a.agency_id, a.name_th,
           coalesce(a.province_code, '00') as province_code
    from raw.agency as a
    inner join raw.submission as s on a.submission_sha256 = s.submission_sha256
    where a.agency_id = any(%s) and not a.waits
        and s.state in ('accepted', 'accepted_with_warnings')
    order by a.agency_id, a.valid_from desc, s.received_at desc, s.submission_sha256 desc"""
NEW = """
    select n.thing from unnest(%s::text[], %s::text[]) as n (thing, address_hash)
    left join ops.delivered as d on d.thing = n.thing
    left join ops.delivery as m on m.delivery_no = d.delivery_no
    where d.thing is null
        or m.outcome in ('refused', 'bounced') and n.address_hash not in ('', m.address_hash)"""


@dataclass(frozen=True)
class Pack:
    """A pack as it lies on the disk; told: what a message says of it, to compare next time."""

    agency_id: str
    name_th: str
    province_code: str
    thing: str
    file: Path
    told: dict


@dataclass(frozen=True)
class Receipt:
    """A judged file of an agency's own; sent again after a rejection it is another."""

    agency_id: str
    submission_sha256: str
    received_seq: int
    file_name: str
    state: str
    errors: int
    warnings: int

    @property
    def thing(self) -> str:
        return f"receipt:{self.agency_id}:{self.received_seq}:{self.submission_sha256}"


@dataclass
class News:
    """What is new for an agency; address '' where none is registered."""

    agency_id: str
    name_th: str
    province_code: str
    address: str
    address_hash: str
    pack: Pack | None = None
    receipts: list[Receipt] = field(default_factory=list)

    @property
    def things(self) -> list[str]:
        pack = [self.pack.thing] if self.pack else []
        return [*pack, *(receipt.thing for receipt in self.receipts)]


def find(
    connection: psycopg.Connection, packs: Path, addresses: dict[str, str], at: datetime
) -> list[News]:
    """What no message has yet, an entry an agency: those with a receipt first, then by province.

    packs: the folder of the nightly packs; addresses: agency_id -> registered address.
    """
    found: dict[str, News] = {}
    for pack in _packs(connection, packs):
        found[pack.agency_id] = _news(pack.agency_id, pack.name_th, pack.province_code, addresses)
        found[pack.agency_id].pack = pack
    _add_receipts(connection, found, addresses, at)
    return _new(connection, list(found.values()))


def hashed(address: str) -> str:
    """By which an address is known again, by nobody who has not the secret; '' for none."""
    if not address:
        return ""
    key = secret.secret("delivery").encode()
    return hmac.new(key, address.lower().encode(), hashlib.sha256).hexdigest()[:32]


def day_of(at: datetime) -> date:
    """The night that a moment belongs to: the day in Thailand."""
    return thai_dates.local(at).date()


def _news(agency_id: str, name_th: str, province_code: str, addresses: dict[str, str]) -> News:
    address = addresses.get(agency_id, "")
    return News(agency_id, name_th, province_code, address, hashed(address))


def _packs(connection: psycopg.Connection, folder: Path) -> Iterator[Pack]:
    """Packs of the newest published year whose figures are published still. One that is being
    replaced in this moment, or that is broken, is seen the next night."""
    if not _is_there(connection, "mart.assessment"):
        return
    (year,) = connection.execute(NEWEST).fetchone() or (None,)
    published = {row[0] for row in connection.execute(PUBLISHED, [year]).fetchall()}
    for path in sorted(folder.glob(f"{year}/[0-9]*/[!.]*/manifest.json")):
        try:
            made = json.loads(path.read_bytes())
            agency_id, key = str(made["agency_id"]), str(made["own_key"])
            names = ("fiscal_year", "overall_score", "level_th", "inputs")
            told = {name: made[name] for name in names}
            thing = f"pack:{agency_id}:{year}:{key}"
            where = (str(made["name_th"]), str(made["province_code"]), thing)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        if agency_id in published and path.with_name("pack.json").is_file():
            yield Pack(agency_id, *where, path.with_name("pack.json"), told)


def _add_receipts(
    connection: psycopg.Connection,
    found: dict[str, News],
    addresses: dict[str, str],
    at: datetime,
) -> None:
    with connection.cursor(row_factory=class_row(Receipt)) as cursor:
        receipts = cursor.execute(RECEIPTS, [at - RECEIPTS_OF]).fetchall()
    others = sorted({one.agency_id for one in receipts} - found.keys())
    for agency_id, name_th, province_code in connection.execute(REGISTERED, [others]).fetchall():
        found[agency_id] = _news(agency_id, name_th, province_code, addresses)
    for receipt in receipts:
        if receipt.agency_id in found:
            found[receipt.agency_id].receipts.append(receipt)


def _new(connection: psycopg.Connection, every: list[News]) -> list[News]:
    """Without what a message has."""
    asked = [(thing, news.address_hash) for news in every for thing in news.things]
    things, hashes = [thing for thing, _ in asked], [hashed for _, hashed in asked]
    new = {row[0] for row in connection.execute(NEW, [things, hashes]).fetchall()}
    for news in every:
        news.pack = news.pack if news.pack and news.pack.thing in new else None
        news.receipts = [one for one in news.receipts if one.thing in new]
    return sorted(
        (news for news in every if news.things),
        key=lambda news: (not news.receipts, news.province_code, news.agency_id),
    )


def _is_there(connection: psycopg.Connection, name: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", [name]).fetchone()
    return bool(row and row[0])
