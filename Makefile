# Plain make and a POSIX shell: `make demo` and `make test` need Python 3.11+, git and pip, no more.
VENV = .venv
PYTHON_IN_VENV = $(VENV)/bin/python
# fast: what every change must pass. full: every tool, every supported Python, the container.
TIER = fast

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'

demo: $(VENV)/.stamp-base ## run the gate on the example repository, then on a bad change to it
	@$(PYTHON_IN_VENV) scripts/demo.py

test: test-$(TIER) ## lint, types and tests; TIER=full for everything

test-fast: lint
	$(PYTHON_IN_VENV) -m pytest -n 2 -m "not full and not nightly" tests

test-full:
	@sh scripts/full-tier.sh

nightly: ## the full tier with the long counts: many more generated examples
	@sh scripts/full-tier.sh nightly

lint: $(VENV)/.stamp-dev ## style, types and layers
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.stamp-dev ## put the code into shape
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

generate: $(VENV)/.stamp-dev ## write what is derived from the code: inputs, schema, tables
	$(PYTHON_IN_VENV) -m scripts.generate

bench: $(VENV)/.stamp-dev ## compare with the floor and with the real tools
	$(PYTHON_IN_VENV) -m bench

lock: $(VENV)/.stamp-lock ## lock the dependencies anew; ARGS=--upgrade takes newer versions
	sh scripts/lock.sh $(VENV)/bin/uv $(ARGS)

clean: ## remove everything that can be made again
	rm -rf $(VENV) .cache build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# A stamp is newer than its lock file exactly when the environment holds what is locked.
$(VENV)/.stamp-base: requirements/base.txt pyproject.toml
	@sh scripts/venv.sh $(VENV) base && touch $@

$(VENV)/.stamp-dev: requirements/dev.txt pyproject.toml
	@sh scripts/venv.sh $(VENV) dev && touch $@ $(VENV)/.stamp-base

$(VENV)/.stamp-lock: requirements/lock.txt
	@sh scripts/venv.sh $(VENV) lock && touch $@

.PHONY: help demo test test-fast test-full nightly lint format generate bench lock clean
