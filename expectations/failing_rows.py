"""The expectation that every check is: its query gives no rows.

Imports Great Expectations, which takes seconds.
"""

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
                        {name: row[name] for name in row if name != ALL_ROWS} for row in rows
                    ]
                },
            },
        }


def expect_no_rows(query: str, **about: Any) -> ExpectNoRows:
    """The expectation that `query` (SQL, with `{batch}`) gives no rows; `about`.

    Its severity and meta.
    """
    return ExpectNoRows(
        unexpected_rows_query=f"select *, count(*) over () as {ALL_ROWS} from ({query}) as failing",
        **about,
    )
