# Every target sets up what it needs first; a second run finds it done.

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

setup := sh requirements/setup.sh
convoca := .venv/bin/convoca
pytest := .venv/bin/python -m pytest -q -n 2
# A -m replaces the one in pyproject.toml, so the long proofs are named again.
on_postgresql := --database=postgresql -m "(not browser or postgresql_journey) and not fuzz and not soak"

.NOTPARALLEL:
.PHONY: help run test check bench fuzz soak lock catalogues clean runtime development browser

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

run: runtime ## Serve Convoca with its demo on http://127.0.0.1:8000 (HOST=, PORT=)
	@$(convoca) migrate
	@$(convoca) demo --if-new
	@$(convoca) serve --welcome --host "$(HOST)" --port "$(PORT)"

test: development browser check ## Run every check, then every test on SQLite and on PostgreSQL
	$(pytest)
	$(pytest) $(on_postgresql)

check: development ## Format, lint, types, import directions, templates, budgets
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy --strict app
	.venv/bin/lint-imports --no-logo
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/python tests/budgets.py

bench: development ## Measure
	.venv/bin/python -m bench

fuzz: development browser ## The long search with generated input
	$(pytest) tests -m fuzz --hypothesis-profile=fuzz

soak: development browser ## The long proofs: many moves, kills, letters
	$(pytest) tests -m soak

lock: ## Make the lock files anew (OPTIONS=--upgrade takes the newest versions)
	$(setup) lock $(OPTIONS)

catalogues: development ## Bring the translators' catalogues up to date with the program's words
	.venv/bin/pybabel -q extract -F locales/babel.cfg -k Message --no-location --sort-output --omit-header -o locales/convoca.pot .
	for lang in es fr pt; do .venv/bin/pybabel -q update --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date -i locales/convoca.pot -l $$lang -o locales/$$lang/LC_MESSAGES/convoca.po; done

clean: ## Remove what set-up and tests made; the data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime:
	@$(setup) run

development:
	@$(setup) dev

browser:
	@$(setup) chromium
