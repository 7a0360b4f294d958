"""The analysts' desk: Apache Superset on the published build, each person by a login of its own.

`prepare` and `serve` run in the project's environment, everything else in the desk's (`.desk`).
"""
