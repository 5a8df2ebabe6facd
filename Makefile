# The commands of this project; `make` alone lists them. Needs Python >= 3.11 with pip, and make.
PYTHON ?= python3
BIN := .venv/bin
NPM := openid-client oauth4webapi oidc-client-ts
PORTAL := oidc-client-ts@latest openapi-fetch@latest
PORTAL_DEV := openapi-typescript@latest typescript@5 vite@6 @types/node@20
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install run demo test check system lock bench soak pictures

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

install: .venv/.installed ## build .venv from requirements.lock

.venv/.installed: requirements.lock pyproject.toml tests/clients/npm/package-lock.json examples/portal/package-lock.json .ci/install
	@.ci/install "$(PYTHON)"

run: install ## start everything in .shegong and keep it running until Ctrl-C
	@SHEGONG_PROFILE=$${SHEGONG_PROFILE:-development} $(BIN)/shegong up

demo: install ## a throw-away stack, the stories of both regulations, stop
	@$(BIN)/shegong demo

test: install ## every suite in its short form, against real PostgreSQL and NATS
	@.ci/test

check: install ## format, lint, types, import contracts, articles, permissions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/shegong articles
	$(BIN)/shegong permissions --check docs/permissions.md
	$(BIN)/shegong workflows --check docs/workflows.md

system: ## root: Debian packages for browser, PDF, CJK fonts, nginx, wrk, Node.js
	@.ci/system

lock: .venv/.installed ## resolve the newest versions into requirements.lock and package-lock.json
	$(BIN)/uv pip compile --upgrade --no-header --generate-hashes --group dev pyproject.toml -o requirements.lock
	cd tests/clients/npm && npm install --package-lock-only --ignore-scripts $(NPM:%=%@latest)
	cd examples/portal && npm install --package-lock-only --ignore-scripts $(PORTAL)
	cd examples/portal && npm install --package-lock-only --ignore-scripts --save-dev $(PORTAL_DEV)

bench: install ## measure against the limits of performance (ARGS="--nation", "hot lists --workers 300" …)
	@$(BIN)/python -m bench $(ARGS)

soak: install ## the tests of faults, many times over (SHEGONG_SOAK_SECONDS per case; SHEGONG_SOAK_INTERLEAVINGS of a pool)
	@SHEGONG_SOAK_SECONDS=$${SHEGONG_SOAK_SECONDS:-60} $(BIN)/pytest -m soak tests

pictures: install ## take the pictures of the portal in docs/images
	$(BIN)/python -m tests.browser.pictures
