"""The pages of the night: everything that it produced, reached from ITA_HOME/index.html. Static,
Thai first, no network.
"""

import psycopg


def write(connection: psycopg.Connection) -> None:
    """Write index.html, receipts/*.html, documents/not-submitted.html, documents/changes.html and
    documents/data-dictionary.html below ITA_HOME.

    `connection` is an owner's, to a warehouse with the schemas raw and ops; `mart` may be absent.
    The same state gives the same bytes.
    """
    from reports.site import (
        dictionary,
        night,
        receipts,
    )  # here, so that `python -m reports.site.dictionary` runs clean

    receipts.write(connection)
    night.write(connection)
    dictionary.write_page()
