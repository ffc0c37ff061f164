# The front door. `make` alone builds; everything else is a word.
.PHONY: build run test check-fast lint fuzz sanitize sanitize-thread format format-check screenshots bench nation torture prove attack coverage clean

build:
	@. scripts/lib.sh; need_packages packaging/apt-run.txt; need_npm ui; need_build build

run:
	@./run

test:
	@./test

# Under a minute: formatting, include direction, the fast suite on SQLite, no browser.
check-fast:
	@./scripts/check-fast

# Include direction, both compilers without a warning, cppcheck, gcc -fanalyzer, clang-tidy.
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

# The whole suite under clang's sanitizers: address, undefined behaviour and leaks; or data races.
sanitize:
	@scripts/sanitize address

sanitize-thread:
	@scripts/sanitize thread

# How fast the pages of a city are: bench/run.sh. BENCH=--postgresql for the other engine.
bench:
	@bench/run.sh $(BENCH)

# The program while the machine under it fails: killed, full disk, failing calls, wrong clocks (docs/torture.md). TORTURE="kill" for one.
torture:
	@tests/torture/run $(TORTURE)

# The proof of who may see what, the long runs (docs/proof.md): 10^7 cases against the reference, 10,000 requests racing with each kind of
# end, 10,000 pairs a route of foreign and absent ids, every look of a city derived again. PROVE="races" for one; about an hour for all.
prove:
	@tests/prove/run $(PROVE)

# Attacks on a town of its own, 40 minutes: guesses, stored markup, slow clients, wapiti and sqlmap. ATTACK="slow" for one.
attack:
	@tests/attack/run $(ATTACK)

.PHONY: deb deb-test proxy-test upgrade-test
# The Debian package into build-deb/, judged by lintian.
deb:
	@scripts/deb

# Installs the package into a Debian of its own and boots that (root).
deb-test:
	@scripts/deb-test

# Behind Caddy and nginx as packaging/ has them.
proxy-test:
	@. scripts/lib.sh; need_packages packaging/apt-run.txt packaging/apt-proxy-test.txt; need_build build; \
	  for proxy in nginx caddy; do echo "== $$proxy"; python3 tests/process/proxy.py build/src/tsunagu $$proxy || exit 1; done

# A network of the first version, brought to this one, on both engines.
upgrade-test:
	@scripts/upgrade-test

# Branches and lines by folder, and the branches of access, audit and crypto that no test takes. COVERAGE=--all: with PostgreSQL and the slow tests.
coverage:
	@scripts/coverage $(COVERAGE)

# A part of a nation in PostgreSQL: sizes, and the plan of every statement. NATION="--part 20" for a larger part.
nation:
	@bench/nation.sh $(NATION)

clean:
	rm -rf build build-deb build-plain build-sanitized build-fuzz build-results build-coverage build-thread build-clang
