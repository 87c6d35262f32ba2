# rightsdesk. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install venv model demo test check screens bench lock clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

install: venv model ## make .venv with the locked packages, and the model where its inputs changed

venv:
	@setup/venv.sh .venv $(PYTHON)

model: venv ## build the classification model where its inputs changed
	@$(BIN)/rightsdesk train --if-changed

demo: install ## show the whole chain on this machine (ARGS=--once ends after the samples)
	@$(BIN)/rightsdesk demo $(ARGS)

test: venv ## run all tests, on every supported Python found (Debian packages are installed as root)
	@setup/need.sh dovecot-imapd postgresql chromium
	@setup/test.sh $(ARGS)

check: venv ## format, lint, types, import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

screens: install ## take the pictures of docs/screens anew
	@setup/need.sh chromium
	@$(BIN)/python tests/screenshots.py $(ARGS)

bench: install ## measure speed against peers (results in benchmarks/results)
	@setup/need.sh dovecot-imapd
	@$(BIN)/python benchmarks/ingest.py $(ARGS)

lock: venv ## compile requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --extra dev --no-emit-index-url \
		--custom-compile-command "make lock" --quiet -o requirements.lock pyproject.toml

clean: ## remove what was built
	rm -rf .venv .venv-3.* classify/trained dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
