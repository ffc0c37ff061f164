# The front door. `make` alone builds; everything else is a word.
.PHONY: build run test check-fast lint format format-check screenshots bench torture clean

build:
	@. scripts/lib.sh; need_build build

run:
	@./run

test:
	@./test

# Under a minute: formatting, include direction, the fast suite on SQLite, no browser.
check-fast:
	@./scripts/check-fast

# clang-tidy, cppcheck, include direction.
lint:
	@./scripts/lint

format:
	@./scripts/format

format-check:
	@./scripts/format --check

# Pictures of the pages at three widths into docs/screenshots.
screenshots:
	@. scripts/lib.sh; need_npm .; need_build build; node tests/e2e/screenshots.js

# How fast the pages of a city are: bench/run.sh. BENCH=--postgresql for the other engine.
bench:
	@bench/run.sh $(BENCH)

# The program while the machine under it fails: killed, full disk, failing calls, wrong clocks (docs/torture.md). TORTURE="kill" for one.
torture:
	@tests/torture/run $(TORTURE)

clean:
	rm -rf build build-plain build-sanitized build-results
