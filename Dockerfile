# The image of all services of ours: the same code and versions as `make run` without the tools of tests
# (requirements.server.lock, a part of requirements.lock), for a user without rights.
#   docker compose build --build-arg ITA_REVISION=$(git rev-parse HEAD)
# Pinned by tag. A digest could not be looked up here: `docker buildx imagetools inspect python:3.11.14-slim-bookworm`
# gives it; write it behind the tag as @sha256:… where your house wants it.
FROM python:3.11.14-slim-bookworm AS ita
RUN useradd --system --uid 50000 --home-dir /var/lib/ita ita
WORKDIR /opt/ita
COPY bootstrap.lock requirements.server.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes -r bootstrap.lock \
 && .venv/bin/uv pip sync --no-cache --compile-bytecode --python .venv/bin/python --require-hashes requirements.server.lock
COPY . .
RUN .venv/bin/uv pip install --no-cache --python .venv/bin/python --no-deps --no-build-isolation --editable . \
 && .venv/bin/python -m compileall -q -x '[.]venv' . \
 && install -d -o 50000 -g 50000 /var/lib/ita
# Nothing asks git at run time, and the image has none.
ARG ITA_REVISION=unknown
ENV ITA_REVISION=$ITA_REVISION \
    ITA_HOME=/var/lib/ita \
    PATH=/opt/ita/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
USER 50000:50000
ENTRYPOINT ["ita"]

# The analysts' desk has an environment of its own (docs/desk.md).
FROM ita AS desk
USER 0:0
RUN python -m venv --without-pip .desk \
 && .venv/bin/uv pip sync --no-cache --compile-bytecode --python .desk/bin/python --require-hashes desk/requirements.lock
USER 50000:50000
