# The front door. `make` alone builds; everything else is a word.
.PHONY: build run test check-fast lint fuzz format format-check screenshots bench torture prove attack clean

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

# libFuzzer with address and undefined-behaviour sanitizers, 60 s a target: make fuzz [SECONDS=60] [TARGET="csv json"].
fuzz:
	@scripts/fuzz $(or $(SECONDS),60) $(TARGET)

# How fast the pages of a city are: bench/run.sh. BENCH=--postgresql for the other engine.
bench:
	@bench/run.sh $(BENCH)

# The program while the machine under it fails: killed, full disk, failing calls, wrong clocks (docs/torture.md). TORTURE="kill" for one.
torture:
	@tests/torture/run $(TORTURE)

# The access engine against its independent reference: 10^7 generated cases, two cores, about ten minutes; the seeds are printed.
# PROVE="--count N --seed S" for others.
prove:
	@. scripts/lib.sh; need_build build; nice -n 10 python3 tests/property/access_reference.py --count 10000000 --seed 10 --processes 2 $(PROVE) build/tests/property/access_cases

# Attacks on a town of its own, 40 minutes: guesses, stored markup, slow clients, wapiti and sqlmap. ATTACK="slow" for one.
attack:
	@tests/attack/run $(ATTACK)

.PHONY: deb deb-test
# The Debian package into build-deb/, judged by lintian.
deb:
	@scripts/deb

# Installs the package into a Debian of its own and boots that (root).
deb-test:
	@scripts/deb-test

clean:
	rm -rf build build-deb build-plain build-sanitized build-fuzz build-results
