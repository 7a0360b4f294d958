"""Who is it: an agency as a file names it → its agency_id, as of the year of the results.

By agency_id, else by name + type + province (+ district where needed); abbreviations, aliases and
former names count. Never by similarity: near misses are only offered in the finding. A published
document may also name an agency whose name begins with no type (`assessed`).
"""

from ingestion.agencies.assessed import MENTION, RESULT, TITLE, assessed
from ingestion.agencies.by_name import resolve
from ingestion.agencies.names import Names, looks_like_agency
from ingestion.agencies.registry import EVER, Agency, Registry, Resolution

__all__ = [
    "EVER",
    "MENTION",
    "RESULT",
    "TITLE",
    "Agency",
    "Names",
    "Registry",
    "Resolution",
    "assessed",
    "looks_like_agency",
    "resolve",
]
