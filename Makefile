# Each line is one call, so that `python3 tools/dev.py demo` does the same where there is no make.
.PHONY: help demo test check long bench mutants shots lock clean

help: ; @python3 tools/dev.py || true
demo: ; @PORT="$(PORT)" python3 tools/dev.py demo
test: ; @python3 tools/dev.py test
check: ; @python3 tools/dev.py check
long: ; @python3 tools/dev.py long
bench: ; @python3 tools/dev.py bench
mutants: ; @MODULE="$(MODULE)" python3 tools/dev.py mutants
shots: ; @python3 tools/dev.py shots
lock: ; @python3 tools/dev.py lock
clean: ; @python3 tools/dev.py clean
