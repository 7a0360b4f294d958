"""SQL Lab keeps the LIMIT that a person wrote, where it is smaller than the page's own."""

from superset.sql import parse


def keep_the_smaller() -> None:
    """Mend Superset 6.1.0, which puts the page's limit in place of the statement's.

    Reported as https://github.com/apache/superset/issues/40070; goes when a release has it.
    """
    statement = parse.SQLStatement
    if getattr(statement, "keeps_the_smaller", False):
        return
    set_limit = statement.set_limit_value

    def set_limit_value(
        self: parse.SQLStatement,
        limit: int,
        method: parse.LimitMethod = parse.LimitMethod.FORCE_LIMIT,
    ) -> None:
        own = self.get_limit_value()
        set_limit(self, limit if own is None else min(own, limit), method)

    statement.set_limit_value = set_limit_value
    statement.keeps_the_smaller = True
