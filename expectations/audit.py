"""Both gates: over what was loaded, and over the candidate that was built of it."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from expectations import candidate, data_docs, submissions
from warehouse.children import end_with_parent


def run(url: str, build: dict) -> list[str]:
    """Judge schema raw and the candidate of the warehouse at `url` (an SQLAlchemy URL).

    The gates that failed.

    build: build_id, first_year, published and passed_before, for `candidate.run` and
    `submissions.run`. Half of a gate's time is Great Expectations' Python: gate 1 runs beside gate
    2 in a process of its own. Raises what `gate.run` raises.
    """
    with ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=end_with_parent
    ) as beside:
        gate_1 = beside.submit(submissions.run, url, "latest", build["passed_before"])
        passed_2 = candidate.run(url, build["build_id"], build["first_year"], build["published"])
        passed_1 = gate_1.result()
    data_docs.write_index()
    return [
        gate
        for gate, passed in (
            ("gate 1 (submissions)", passed_1),
            (f"gate 2 (candidate {build['build_id']})", passed_2),
        )
        if not passed
    ]


def run_on_raw(url: str) -> bool:
    """Gate 1 alone, over all of schema raw, where a build has failed.

    It says which rows are to blame and who mends them.
    """
    passed = submissions.run(url, "latest", passed_before=[])
    data_docs.write_index()
    return passed
