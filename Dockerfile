# The image of all Airflow services: the same code and the same lock file as `make run`.
FROM python:3.11-slim-bookworm
RUN useradd --system --create-home --uid 50000 ita
WORKDIR /opt/ita
COPY bootstrap.lock requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes -r bootstrap.lock \
 && .venv/bin/uv pip sync --no-cache --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock
COPY . .
RUN .venv/bin/uv pip install --no-cache --python .venv/bin/python --no-deps --no-build-isolation --editable . \
 && mkdir /var/lib/ita && chown ita:ita /var/lib/ita
# The image has no .git: docker compose build --build-arg ITA_REVISION=$(git rev-parse HEAD)
ARG ITA_REVISION=unknown
ENV ITA_REVISION=$ITA_REVISION
USER ita
ENV ITA_HOME=/var/lib/ita PATH=/opt/ita/.venv/bin:$PATH
ENTRYPOINT ["ita"]
