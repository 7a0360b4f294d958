# Two commands: `make run` and `make test`. Both set up what they need in .venv; neither needs root, docker or anything but the package index.
# Bytecode is compiled once: where Python may not write it (PYTHONDONTWRITEBYTECODE), each of a night's processes would compile Airflow anew.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
export UV_SYSTEM_CERTS = 1
export UV_PYTHON_DOWNLOADS = never

.PHONY: run test lock clean

run: .venv/ready
	.venv/bin/ita up
	.venv/bin/ita receive ingestion/samples
	.venv/bin/ita refresh
	.venv/bin/ita status

test: .venv/ready
	.venv/bin/python -m pytest

.venv/ready: requirements.lock bootstrap.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock
	.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	touch $@

lock:
	.venv/bin/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean:
	-.venv/bin/ita down
	rm -rf .venv var
