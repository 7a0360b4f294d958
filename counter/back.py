"""The back room: processes beside the web's, with the owner's connection, that carry out orders.

The web's process has no connection but ita_counter's. What an order may do is asked of PostgreSQL
again here, by the session that it comes from; what was decided there (handed in, taken back,
approved) is carried out from the tables, also after a kill.
"""

import sys
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

from psycopg.types.json import Jsonb

from counter import shelf
from counter.doors import Doors, Refused, now
from counter.work import Decision, Work
from warehouse import children, contacts, persons
from warehouse.errors import BadInput


def serve(pipe: Connection, work: Work, url: str) -> None:
    """In the process: carry out orders until the pipe closes."""
    children.end_with_parent()
    room = Back(work, url)
    while True:
        try:
            order = pipe.recv()
        except EOFError:
            return
        try:
            answer = room.do(order)
        except Exception as error:  # an order that fails is an answer, and stops no other
            if not isinstance(error, Refused):
                said = f"counter: {order.get('do')}: {type(error).__name__}: {error}"
                print(said, file=sys.stderr, flush=True)
            answer = Refused() if isinstance(error, (Refused, BadInput)) else RuntimeError()
        pipe.send(answer)


class Back(Doors):
    """Orders, each a method."""

    def do(self, order: dict) -> Any:
        """Carry out {"do": the method's name, …}."""
        return getattr(self, f"do_{order['do']}")(
            **{name: value for name, value in order.items() if name != "do"}
        )

    def do_ready(self) -> bool:
        """Answers when the process works."""
        return bool(self.owner)

    # ---- files

    def do_judge(self, upload_id: str) -> str:
        """Judge a file that waits; the state that it has then."""
        row = self.owner.execute(
            "select agency_id, file_name, state from counter.upload where upload_id = %s",
            [upload_id],
        ).fetchone()
        if not row or row[2] != "waiting":
            return row[2] if row else "gone"
        try:
            receipt, marked = self.work.judge(
                self.owner, shelf.file_of(upload_id, row[1]), agency_id=row[0]
            )
        except FileNotFoundError:
            return self.do_failed(upload_id)
        self.owner.execute(
            "update counter.upload set state = 'judged', receipt = %s, marked = %s"
            " where upload_id = %s and state = 'waiting'",
            [Jsonb(receipt), marked, upload_id],
        )
        return "judged"

    def do_failed(self, upload_id: str) -> str:
        """Note that a file could not be judged, by no fault of the sender's."""
        self.owner.execute(
            "update counter.upload set state = 'failed' where upload_id = %s and state = 'waiting'",
            [upload_id],
        )
        return "failed"

    def do_waiting(self) -> list[tuple[str, str]]:
        """(upload_id, agency_id) of files that are to be judged, the oldest first."""
        return self.owner.execute(
            "select upload_id, agency_id from counter.upload where state = 'waiting'"
            " order by uploaded_at, upload_id"
        ).fetchall()

    def do_carry_out(self) -> int:
        """Hand in, take back and decide what PostgreSQL says is to be; how many things."""
        # what was asked back before is not to take what was handed in since
        return self._withdraw() + self._hand_in() + self._decide()

    def _hand_in(self) -> int:
        waiting = self.owner.execute(
            "select upload_id, agency_id, file_name, handed_in_at from counter.upload"
            " where handed_in_at is not null and landed_at is null order by handed_in_at"
        ).fetchall()
        said = self.work.hand_in(
            [
                (shelf.file_of(upload_id, name), agency, at)
                for upload_id, agency, name, at in waiting
            ]
        )
        for (upload_id, *_), note in zip(waiting, said, strict=True):
            if note:
                self.owner.execute(
                    "update counter.upload set landed_at = %s, landed_note = %s"
                    " where upload_id = %s",
                    [now(), note, upload_id],
                )
                shelf.clear(upload_id)
        return sum(map(bool, said))

    def _withdraw(self) -> int:
        asked = self.owner.execute(
            "select distinct on (agency_id, submission_sha256) upload_id, agency_id,"
            " submission_sha256, file_name, withdrawal_asked_at"
            " from counter.upload where withdrawal_asked_at is not null and withdrawn_at is null"
            " and landed_at is not null"
            " order by agency_id, submission_sha256, withdrawal_asked_at desc, upload_id"
        ).fetchall()
        for upload_id, agency_id, sha256, name, at in asked:
            taken = self.work.withdraw(self.owner, sha256, agency_id, at)
            with self.owner.transaction():
                self.owner.execute(
                    "update counter.upload set withdrawn_at = case when %s then %s::timestamptz"
                    " end, withdrawal_asked_at = case when %s then withdrawal_asked_at end"
                    " where upload_id = %s",
                    [taken, now(), taken, upload_id],
                )
                if taken:
                    self._withdraw_same(agency_id, sha256, at)
                what = "withdrawn" if taken else "withdrawal_refused"
                self._note(agency_id, "agency", what, name)
        return len(asked)

    def _withdraw_same(self, agency_id: str, sha256: str, at: datetime) -> None:
        """Note it for the same bytes that were handed in before under another name, too."""
        self.owner.execute(
            "update counter.upload set withdrawal_asked_at = %s, withdrawn_at = %s"
            " where agency_id = %s and submission_sha256 = %s and handed_in_at <= %s"
            " and landed_at is not null and withdrawn_at is null",
            [at, now(), agency_id, sha256, at],
        )

    def _decide(self) -> int:
        open_ = self.owner.execute(
            "select decision_no, subject, verdict, reason, decided_by, decided_at"
            " from counter.decision where done_at is null order by decision_no"
        ).fetchall()
        for number, *said in open_:
            try:
                outcome = self.work.decide(self.owner, Decision(*said))
            except BadInput as error:  # it is gone, or somebody else was faster
                outcome = str(error)
            self.owner.execute(
                "update counter.decision set done_at = %s, outcome = %s where decision_no = %s",
                [now(), outcome, number],
            )
        return len(open_)

    # ---- what is made for a session

    def do_template(self, session: str, agency_id: str, year: int, kind: str) -> bytes:
        """A workbook of the agency: kind scores or measures."""
        self._must_see(session, agency_id)
        make = self.work.measures if kind == "measures" else self.work.template
        return make(self.owner, agency_id, year)

    def do_pack(self, session: str, agency_id: str, year: int) -> None:
        """Write a pack that the night has not written (years before the newest)."""
        self._must_see(session, agency_id)
        self.work.pack(self.owner, shelf.packs(), agency_id, year)

    def _must_see(self, session: str, agency_id: str) -> None:
        row = self.owner.execute(
            "select counter_api.may_see(%s, %s, %s)", [session, agency_id, now()]
        ).fetchone()
        if not row or not row[0]:
            raise Refused

    # ---- who is known

    def do_mend_contact(self, session: str, agency_id: str, email: str) -> None:
        """Write an agency's registered address, '' for none."""
        by = self._name(session)
        rows = self.owner.execute(
            "select from counter_api.in_charge_of(%s, %s, %s)", [session, [agency_id], now()]
        ).fetchall()
        if not rows:
            raise Refused
        contacts.mend(agency_id, email)
        self._note(agency_id, by, "contact", "")
        self.do_sync()

    def do_sync(self) -> None:
        """Take over contacts.csv and logins.csv: the files say, the tables are for the wall."""
        addresses, people = contacts.read(), persons.read()
        with self.owner.transaction(), self.owner.cursor() as cursor:
            # The minute's round and a contact that is mended may come together: both would delete,
            # then both insert. Readers do not wait for this lock.
            cursor.execute("lock table counter.contact, counter.person in exclusive mode")
            cursor.execute("delete from counter.contact")
            cursor.executemany("insert into counter.contact values (%s, %s)", addresses.items())
            cursor.execute("delete from counter.person")
            cursor.executemany(
                "insert into counter.person values (%s, %s, %s)",
                [(one.name, one.province_code, one.email or None) for one in people],
            )

    def do_tidy(self) -> None:
        """Forget what is over: tries, sessions and tickets of old, files that nobody handed in."""
        at = now()
        self.owner.execute(
            "delete from counter.attempt where attempted_at < %s", [at - timedelta(days=1)]
        )
        self.owner.execute(
            "delete from counter.session where ends_at < %s", [at - timedelta(days=1)]
        )
        self.owner.execute(
            "delete from counter.ticket where expires_at < %s", [at - timedelta(days=60)]
        )
        gone = self.owner.execute(
            "delete from counter.upload where handed_in_at is null and uploaded_at < %s"
            " returning upload_id",
            [at - timedelta(days=7)],
        ).fetchall()
        for (upload_id,) in gone:
            shelf.clear(upload_id)
