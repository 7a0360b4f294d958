"""The expectation that every check is: its query gives no rows.

Imports Great Expectations, which takes seconds.
"""

from decimal import Decimal
from typing import Any, ClassVar

import great_expectations as gx

ALL_ROWS = "all_failing_rows"


class ExpectNoRows(gx.expectations.UnexpectedRowsExpectation):
    """As the expectation that it is made from, which runs each query twice, once for the count.

    Here every row brings the count of all.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(
        self, metrics: dict, runtime_configuration: dict | None = None, execution_engine: Any = None
    ) -> dict:
        rows = metrics["unexpected_rows_query.table"]
        count = rows[0][ALL_ROWS] if rows else 0
        return {
            "success": count == 0,
            "result": {
                "observed_value": count,
                "details": {
                    "unexpected_rows": [
                        {name: _exact(row[name]) for name in row if name != ALL_ROWS}
                        for row in rows
                    ]
                },
            },
        }


def _exact(value: Any) -> Any:
    """A decimal as the text that it is: Great Expectations makes a float of it, and looks at all
    frames of its stack for each (a second for the first, gx 1.24).
    """
    return str(value) if isinstance(value, Decimal) else value


def expect_no_rows(query: str, **about: Any) -> ExpectNoRows:
    """The expectation that `query` (SQL, with `{batch}`) gives no rows; `about`.

    Its severity and meta.
    """
    return ExpectNoRows(
        unexpected_rows_query=f"select *, count(*) over () as {ALL_ROWS} from ({query}) as failing",
        **about,
    )
