"""Who may come in: links by mail and letters with codes, which the back room makes (back.py)."""

from datetime import UTC, datetime, timedelta

import psycopg

from counter import codes, letters
from counter.work import Work
from warehouse import connect, contacts, persons

LINK_LASTS, LETTER_LASTS = timedelta(minutes=15), timedelta(days=30)


class Refused(Exception):
    """The session may not have this done, or it is not there."""


class Doors:
    """Orders, each a method; `work`: the stages; `url`: where the counter is, for links."""

    def __init__(self, work: Work, url: str) -> None:
        self.work, self.url = work, url
        self.opened: psycopg.Connection | None = None

    @property
    def owner(self) -> psycopg.Connection:
        if self.opened is None or self.opened.closed or self.opened.broken:
            self.opened = connect.connect(autocommit=True, application_name="ita counter back room")
        return self.opened

    def do_link(self, whom: str) -> None:
        """Send one-time links to whom it is: agency_id, login or a registered address, in small
        letters."""
        known = contacts.read()
        for agency_id, address in known.items():
            if whom in (agency_id.lower(), address.lower()):
                self._send(address, agency_id=agency_id)
        for person in persons.read():
            if person.email and whom in (person.name.lower(), person.email.lower()):
                self._send(person.email, person_name=person.name)

    def _send(self, address: str, **of: str) -> None:
        link = self.link(by="mail", **of)
        self.work.send(address, letters.LINK_SUBJECT, letters.LINK_TEXT.format(link=link))

    def link(self, by: str, agency_id: str | None = None, person_name: str | None = None) -> str:
        """A new one-time link."""
        token = codes.token()
        self._ticket(codes.hashed(token), "link", agency_id, person_name, by, LINK_LASTS)
        return f"{self.url}/in/{token}"

    def do_letters(self, session: str, agencies: list[str], people: list[str]) -> bytes:
        """A PDF with a letter for each of the agencies that the session is in charge of, and of
        the persons where it is headquarters'."""
        at, by = now(), self._name(session)
        with self.owner.transaction():
            rows = self.owner.execute(
                "select agency_id, name_th, district_th, province_code"
                " from counter_api.in_charge_of(%s, %s, %s)",
                [session, agencies, at],
            ).fetchall()
            found = [
                letters.Letter(row[1], row[0], row[2] or "", row[3], self._letter(by, row[0]))
                for row in rows
            ]
            for row in rows:
                self._note(row[0], by, "letter", "")
            known = self.owner.execute(
                "select counter_api.persons(%s, %s)", [session, at]
            ).fetchone()
            found += [
                letters.Letter(
                    name, name, "", one["province_code"] or "", self._letter(by, None, name)
                )
                for one in (known[0] if known else [])
                if (name := one["person_name"]) in people
            ]
        if not found:
            raise Refused
        return letters.pdf(found, self.url, at + LETTER_LASTS, self.work.fonts())

    def _letter(self, by: str, agency_id: str | None, person_name: str | None = None) -> str:
        """A new code; letters before it that nobody used are void."""
        code = codes.code()
        self.owner.execute(
            "update counter.ticket set expires_at = least(expires_at, %s) where kind = 'letter'"
            " and used_at is null and (agency_id = %s or person_name = %s)",
            [now(), agency_id, person_name],
        )
        hashed = codes.hashed_code(code)
        self._ticket(hashed, "letter", agency_id, person_name, by, LETTER_LASTS)
        return code

    def _ticket(
        self,
        hashed: str,
        kind: str,
        agency_id: str | None,
        person_name: str | None,
        by: str,
        lasts: timedelta,
    ) -> None:
        self.owner.execute(
            "insert into counter.ticket (ticket_sha256, kind, agency_id, person_name, made_at,"
            " made_by, expires_at) values (%s, %s, %s, %s, %s, %s, %s)",
            [hashed, kind, agency_id, person_name, now(), by, now() + lasts],
        )

    def _name(self, session: str) -> str:
        row = self.owner.execute("select counter_api.who(%s, %s)", [session, now()]).fetchone()
        if not row or not row[0] or not row[0]["person"]:
            raise Refused
        return row[0]["person"]

    def _note(self, agency_id: str, by: str, what: str, detail: str) -> None:
        self.owner.execute(
            "insert into counter.event (agency_id, happened_at, by_whom, what, detail)"
            " values (%s, %s, %s, %s, %s)",
            [agency_id, now(), by, what, detail],
        )


def now() -> datetime:
    """The time, for the tables."""
    return datetime.now(UTC)
