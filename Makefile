# Two commands: `make run` and `make test`. Both set up what they need in .venv; neither needs
# root, docker or anything but the package index.
# Bytecode is compiled once: where Python may not write it (PYTHONDONTWRITEBYTECODE), each of a
# night's processes would compile Airflow anew.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
export UV_SYSTEM_CERTS = 1
export UV_PYTHON_DOWNLOADS = never

# Left out: desk/boards (fragments that Python puts together) and publish/small_cells.sql (sqlfluff
# 4.5 does not know rows that are `is not distinct from` each other).
SQL := dbt_project/models dbt_project/tests dbt_project/macros warehouse/schema counter/functions
SQL_FILES := $(shell find $(SQL) -name '*.sql')
# The longest first: begun last, it would run alone.
CHECKS := secrets sql types history format lint structure yaml schemas marts compose image shell \
	conflicts words links dictionary rules framework packages

# The later packages are newer than Superset's release, by which the rest is fixed.
DESK_LOCK := --exclude-newer 2026-05-14 --exclude-newer-package fontpkg=2026-11-01 \
	--exclude-newer-package fontpkg-sarabun=2026-11-01

# Folder by folder (tests/conftest.py). Of the quick tests four processes keep two cores busy: each
# waits now and then for what it has started. The groups of minutes start many themselves.
BY_FOLDER := --dist loadscope --no-loadscope-reorder
# Real documents may not be in a repository: their tests run where these lie beside it.
BESIDE := $(if $(wildcard ../shared),,and not beside)
QUICK := -m "not slow_group $(BESIDE)" --numprocesses 4 $(BY_FOLDER)
SLOW := -m slow_group --numprocesses 2 $(BY_FOLDER)

PACKAGES := checks counter delivery desk expectations ingestion ita operations publish recovery reports \
	synth warehouse
# Whose every branch a test must take (docs/testing.md).
RULES := ingestion/scoring.py,ingestion/normalise.py,ingestion/dates.py,ingestion/places.py,$\
	ingestion/framework.py,ingestion/personal_data.py,$\
	ingestion/agencies/by_name.py,ingestion/agencies/registry.py,ingestion/judging/bounds.py,$\
	ingestion/judging/figures.py,ingestion/judging/numbers.py,ingestion/judging/rank_rules.py,$\
	ingestion/judging/recomputed.py,ingestion/judging/registry.py,$\
	ingestion/judging/score_rules.py,ingestion/judging/scores.py

.PHONY: run desk notebook test test-slow coverage pictures faults check fix diff sbom lock clean \
	$(CHECKS:%=check-%)

run: .venv/ready
	.venv/bin/ita up
	.venv/bin/ita receive ingestion/samples
	.venv/bin/ita refresh
	.venv/bin/ita status
	@echo "offices hand in: .venv/bin/ita counter; analysts look and ask: make desk"

# The analysts' desk on this warehouse (docs/desk.md), until it is ended.
desk: .desk/ready
	.venv/bin/ita desk serve

# The provincial report as a notebook, as the person of ITA_QUERY_DSN (docs/analyst-guide.md).
notebook: .notebook/ready
	.notebook/bin/marimo edit notebooks/provincial_report.py

test: .venv/ready
	.venv/bin/python -m pytest $(QUICK)

# The groups of minutes: power cuts, faults and the like.
test-slow: .venv/ready .browser/ready .desk/ready .notebook/ready
	.venv/bin/python -m pytest $(SLOW)

# The pictures of the agency's guide (a day at the counter with real nights) and of the desk.
pictures: .venv/ready .browser/ready .desk/ready
	ITA_PICTURES=1 .venv/bin/python -m pytest tests/night/test_counter_day.py
	ITA_PICTURES=1 .venv/bin/python -m pytest tests/desk/test_pages.py -k "every_dashboard and hq"

# Branches that `make test` takes, also in the processes that it starts, by package.
coverage: .venv/ready
	rm -rf .coverage && mkdir .coverage
	.venv/bin/coverage run -m pytest $(QUICK)
	.venv/bin/coverage combine --quiet
	@for package in $(PACKAGES); do \
		echo "$$package $$(.venv/bin/coverage report --include="$$package/*" --format=total)"; done
	.venv/bin/coverage report --include=$(RULES) --fail-under=100

# Faults in a night, drawn from a seed: FAULTS="--count 500 --seed 1", or --only 17 for one again;
# as many at once as there are processors, or --processes 1.
faults: .venv/ready
	.venv/bin/python -m tests.faults.harness $(FAULTS)

# What a change does to the figures: this tree against another revision (the commit before).
diff: .venv/ready
	.venv/bin/python -m checks.diff --base "$(BASE)"

# What is installed, as CycloneDX; its licences and, where advisories.json was brought in, known faults.
sbom: .venv/ready .desk/ready
	.venv/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--of JSON -o sbom.json .venv/bin/python
	.venv/bin/cyclonedx-py environment --output-reproducible --of JSON -o sbom-desk.json .desk/bin/python
	.venv/bin/python -m checks.supply sbom.json requirements.lock --advisories advisories.json \
		--tools-of pyproject.toml
	.venv/bin/python -m checks.supply sbom-desk.json desk/requirements.lock --advisories advisories.json

# Read-only; all checks are run and each says what it found. `make fix` mends what can be mended.
check: .venv/ready
	@$(MAKE) --no-print-directory --silent --keep-going --jobs=2 --output-sync $(CHECKS:%=check-%)

fix: .venv/ready
	-.venv/bin/ruff check --fix --quiet
	.venv/bin/ruff format --quiet
	-.venv/bin/sqlfluff fix --quiet --disable-progress-bar $(SQL)
	.venv/bin/python -m reports.site.dictionary
	.venv/bin/python -m checks.rule_pages

check-format:
	.venv/bin/ruff format --check --quiet || { echo "format: run make fix"; false; }
check-lint:
	.venv/bin/ruff check --quiet
check-types:
	.venv/bin/mypy
check-sql: .check/sql
# It needs no fixture, and the tests' own conftest imports for ten seconds.
check-structure:
	.venv/bin/python -m pytest -q -p no:cacheprovider --noconftest --tb=short --no-header \
		tests/test_structure.py
check-yaml:
	.venv/bin/yamllint --strict $$(git ls-files '*.yml' '*.yaml' .yamllint)
	.venv/bin/yamllint --strict -d '{rules: {key-duplicates: enable}}' $$(git ls-files '*.json')
check-schemas:
	.venv/bin/check-jsonschema --check-metaschema $$(git ls-files '*.schema.json')
	.venv/bin/check-jsonschema --schemafile ingestion/submission.schema.json ingestion/samples/*.json
check-marts:
	.venv/bin/check-jsonschema --schemafile checks/marts.schema.json dbt_project/models/marts/_marts.yml
check-compose:
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/*.yml
check-image:
	.venv/bin/hadolint Dockerfile
check-shell:
	bash -n .ci/run
	sh -n deploy/init.sh
check-conflicts:
	git -c core.whitespace=-blank-at-eol,-blank-at-eof,-space-before-tab \
		diff --check $$(git hash-object -t tree /dev/null)
check-words:
	git ls-files -z | xargs -0 .venv/bin/codespell -D - -D docs/words.txt
check-links:
	.venv/bin/python -m checks.links
check-dictionary:
	.venv/bin/python -m reports.site.dictionary --check
check-rules:
	.venv/bin/python -m checks.rule_pages --check
check-framework:
	.venv/bin/ita framework check > /dev/null
check-packages:
	.venv/bin/uv pip check --quiet --python .venv/bin/python
# The baseline holds no line numbers (`detect-secrets scan --slim`): with them the hook writes it anew,
# and fails, whenever a line above a known one comes or goes.
# What was found clean is looked at again when it changes, and all of it when what is looked for
# does; CI's clean checkout has no stamp. Not by prerequisites: make would take a name with brackets
# or blanks for others.
check-secrets: .venv/installed
	@mkdir -p .check && touch .check/secrets.new
	@for whole in .venv/installed .secrets.baseline; do \
		test .check/secrets -nt $$whole || touch -d @0 .check/secrets; done
	git ls-files -z | xargs -0 sh -c 'find "$$@" -cnewer .check/secrets -print0' sh \
		| xargs -0 -r .venv/bin/detect-secrets-hook --baseline .secrets.baseline
	@mv .check/secrets.new .check/secrets
check-history:
	.venv/bin/python -m checks.history

# As the secrets (`$?`: newer than the stamp). The stamp is as old as the beginning: what changes
# meanwhile is newer.
.check/sql: .venv/installed .sqlfluff $(SQL_FILES)
	@mkdir -p .check && touch $@.new
	.venv/bin/sqlfluff lint --disable-progress-bar --processes 2 --format github-annotation-native \
		$(if $(filter .venv/installed .sqlfluff dbt_project/macros/%,$?),$(SQL_FILES),$?)
	@mv $@.new $@

.venv/installed: requirements.lock bootstrap.lock
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock
	touch $@
.venv/ready: .venv/installed pyproject.toml
	.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	touch $@

# A headless Chromium and axe, for the tests in a browser only.
# The notebooks of the analyst's guide: marimo and what draws, apart from the warehouse.
.notebook/ready: notebooks/requirements.lock .venv/ready
	$(PYTHON) -m venv --clear --without-pip .notebook
	.venv/bin/uv pip sync --quiet --compile-bytecode --python .notebook/bin/python --require-hashes \
		notebooks/requirements.lock
	touch $@

.browser/ready: tests/browser/package-lock.json tests/browser/chromium.py .venv/ready
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --silent
	.venv/bin/python -m tests.browser.chromium
	mkdir -p .browser && touch $@

.desk/ready: desk/requirements.lock .venv/ready
	$(PYTHON) -m venv --clear --without-pip .desk
	.venv/bin/uv pip sync --quiet --compile-bytecode --python .desk/bin/python --require-hashes \
		desk/requirements.lock
	touch $@

lock:
	.venv/bin/uv pip compile notebooks/requirements.in --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header -o notebooks/requirements.lock
	.venv/bin/uv pip compile desk/requirements.in $(DESK_LOCK) --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header -o desk/requirements.lock
	.venv/bin/uv pip compile pyproject.toml --extra test --extra check --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	.venv/bin/uv pip compile pyproject.toml --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		-o requirements.server.lock

clean:
	-.venv/bin/ita down
	rm -rf .venv .desk .notebook .browser tests/browser/node_modules var
