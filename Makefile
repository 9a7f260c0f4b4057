# Each goal does its own set-up; what the steps are and why is in the scripts of setup/.
.DEFAULT_GOAL := help
.PHONY: help run test build dev check demo demo-down tools engine browser

run: tools engine build ## set up everything, build, and serve on 127.0.0.1:3000
	@exec setup/run.sh

test: tools browser check build ## set up everything, build, and run every check and test
	@setup/engine.sh --for-tests
	@setup/test.sh

build: tools ## build the release: target/release/docker-watcher and target/site
	@setup/build.sh

dev: tools ## build on every change, reload the page
	@exec setup/dev.sh

check: tools ## format, lints, licences and advisories
	@setup/check.sh

demo: ## start a few labelled containers, so that there is something to see
	@setup/demo.sh up

demo-down: ## remove the containers that `make demo` started, and nothing else
	@setup/demo.sh down

tools:
	@setup/rust.sh
	@setup/tools.sh
	@setup/node.sh

engine: tools
	@setup/engine.sh --for-run

browser: tools
	@setup/chromium.sh

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The steps build on each other, and cargo uses all cores by itself.
.NOTPARALLEL:
