# SPDX-License-Identifier: Apache-2.0
# Headcount. `make` lists the commands.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c

VERSION     := $(shell cat VERSION)
BUILD       := build
PLUGIN      := $(BUILD)/plugin/headcount
PRESTO_PLUGIN := $(BUILD)/presto-plugin/headcount
SUBJECTS    := $(BUILD)/conformance
PORT        ?= 8080
MODE        ?= auto
SOAK        ?= 5m
SOAK_CLIENTS ?= 16
FUZZTIME    ?= 10m
MERGES      ?= 10000000000
SETS        ?= 10000
ROWS        ?= 100000000
SCALE_ROWS  ?= 10000000 100000000 1000000000
NODE_ROWS   ?= 10000000

export VERSION PORT MODE

# Architectures of the libraries in the plugin folders. `make plugin ARCHES=$(HOST_ARCH)` needs no cross compiler.
HOST_ARCH   := $(if $(filter aarch64 arm64,$(shell uname -m)),arm64,amd64)
CROSS_ARCH  := $(if $(filter arm64,$(HOST_ARCH)),amd64,arm64)
CROSS_QEMU  := $(if $(filter arm64,$(CROSS_ARCH)),qemu-aarch64,qemu-x86_64 -cpu max)
ARCHES      ?= amd64 arm64

# The JDK 24 or later that builds the plugins and runs Trino; scripts/lib.sh lists where it is searched.
JDK          = $(shell . scripts/lib.sh && find_jdk)
# The Java 17 that PrestoDB and Spark are tested on.
PRESTO_JDK   = $(shell . scripts/lib.sh && find_presto_jdk)
MVN          = JAVA_HOME="$(JDK)" PRESTO_JDK="$(PRESTO_JDK)" MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow mvn -B -q -Dstyle.color=never -Drevision=$(VERSION) -f java-shim/pom.xml
# The formatter reads javac's own parser, which the JDK opens only when told.
SPOTLESS     = MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow $(foreach p,api code file parser tree util,--add-exports jdk.compiler/com.sun.tools.javac.$(p)=ALL-UNNAMED)" \
	JAVA_HOME="$(JDK)" mvn -B -q -N -Dstyle.color=never -Drevision=$(VERSION) -f java-shim/pom.xml
GOLANGCI     = $(BUILD)/lint/golangci-lint
C_SOURCES    = $(shell git ls-files 'cgo/*.[ch]' 'java-shim/jni/*.c')
CARGO        = $(shell . scripts/lib.sh && find_cargo)
GO_SOURCES   = $(shell find udf cgo -name '*.go' -o -name '*.s' -o -name '*.h' -o -name 'glibc.c')
JAVA_SOURCES = $(shell find java-shim -name target -prune -o -name '*.java' -print -o -name pom.xml -print)
JAR         := java-shim/trino/target/headcount-trino.jar

# venv FOLDER,REQUIREMENTS...: installs a Python environment.
venv         = python3 -m venv --clear $(1) && $(1)/bin/pip install -q --disable-pip-version-check $(addprefix -r ,$(2))

# gotest NAME,ARGUMENTS: runs go test, prints one line per package, and writes a report for the final count.
gotest       = @mkdir -p $(BUILD)/reports && go tool gotestsum --format pkgname --hide-summary skipped \
	--junitfile $(BUILD)/reports/$(1).xml -- $(2)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

## ---- Start here

.PHONY: help
help: ## print this list
	@awk -F':.*## ' '/^## ----/ {print ""; print substr($$0, 9)} /^[a-z][a-z0-9-]*:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## install what is missing, start a Trino with the plugin, run the client_count query
	@scripts/deps.sh demo
	@docker/trino/demo

.PHONY: demo-pings
demo-pings: headcount ## from generated pings to engagement with bounds, without a cluster
	@scripts/demo-pings.sh $(BUILD)/headcount

.PHONY: test
test: ## install what is missing, run every test, print the counts
	@scripts/test.sh

.PHONY: up
up: plugin ## start a Trino with the plugin on 127.0.0.1:PORT (8080)
	@docker/trino/server up --mode $(MODE) --port $(PORT)

.PHONY: rollups
rollups: ## install what is missing; metric roll-ups: pings, aggregates, a PostgreSQL of its own, the server on 127.0.0.1:8090
	@scripts/deps.sh rollups
	$(MAKE) --no-print-directory headcount-rollup
	go build -o $(BUILD)/pgserver ./rollup/internal/pgserver
	@scripts/rollups.sh up

.PHONY: reports
reports: ## install what is missing, run the example reports over the demo's table and generated pings into build/reports-demo
	@scripts/deps.sh reports
	$(MAKE) --no-print-directory headcount headcount-reports notebooks
	rm -rf $(BUILD)/reports-demo && mkdir -p $(BUILD)/reports-demo/data
	cp reports/*.md reports/*.ipynb $(BUILD)/reports-demo && cp e2e/testdata/client_count.parquet $(BUILD)/reports-demo/data
	$(BUILD)/headcount generate pings --clients 2000 --days 40 --size 2kB -o $(BUILD)/reports-demo/pings.jsonl.zst
	$(BUILD)/headcount view main_summary -o $(BUILD)/reports-demo/data/main_summary $(BUILD)/reports-demo/pings.jsonl.zst
	for report in $(BUILD)/reports-demo/*.md $(BUILD)/reports-demo/*.ipynb; do \
		$(BUILD)/headcount-reports run "$$report" --environments $(BUILD)/notebooks -o $(BUILD)/reports-demo; \
	done

.PHONY: down
down: ## stop that Trino, and the roll-ups
	@scripts/rollups.sh down
	@docker/trino/server down --mode $(MODE) --port $(PORT)

## ---- Build

.PHONY: lib
lib: $(BUILD)/libheadcount.so ## the C library, build/libheadcount.so

$(BUILD)/libheadcount.so: $(GO_SOURCES) go.mod
	cgo/build.sh $(HOST_ARCH) $@

# The library that reads pings for Python.
PINGS_SOURCES = $(GO_SOURCES) $(shell find internal -name '*.go')

$(BUILD)/libheadcount-pings.so: $(PINGS_SOURCES) go.mod
	cgo/build.sh $(HOST_ARCH) $@ "" pings

$(BUILD)/%/libheadcount-pings.so: $(PINGS_SOURCES) go.mod
	cgo/build.sh $* $@ "" pings

$(BUILD)/%/libheadcount.so: $(GO_SOURCES) go.mod
	cgo/build.sh $* $@

$(BUILD)/purego/libheadcount.so: $(GO_SOURCES) go.mod
	cgo/build.sh $(HOST_ARCH) $@ purego

JNI_SOURCES := java-shim/jni/headcount_jni.c java-shim/jni/glibc_dl.c cgo/glibc.h java-shim/jni/src/generated/c/headcount_jni_functions.h java-shim/jni/build.sh cgo/headcount.h

.PHONY: jni
jni: $(BUILD)/libheadcount-jni.so ## the JNI library for Java 17, build/libheadcount-jni.so

$(BUILD)/libheadcount-jni.so: $(JNI_SOURCES)
	java-shim/jni/build.sh $(HOST_ARCH) "$(JDK)" $@

$(BUILD)/%/libheadcount-jni.so: $(JNI_SOURCES)
	java-shim/jni/build.sh $* "$(JDK)" $@

PLOTS := internal/pages/disk/parts/echarts.min.js

$(PLOTS): internal/pages/disk/fetch-plots.sh
	$< $@

AXE := $(BUILD)/axe.min.js

$(AXE): scripts/fetch-axe.sh
	$< $@

.PHONY: headcount
headcount: $(PLOTS) ## the one-machine command, build/headcount
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BUILD)/headcount ./cmd/headcount

.PHONY: headcount-rollup
headcount-rollup: ## the roll-ups of metrics, build/headcount-rollup
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BUILD)/headcount-rollup ./cmd/headcount-rollup

# A module of its own, with cgo: DuckDB's library is linked in.
.PHONY: headcount-reports
headcount-reports: $(PLOTS) ## reports from Markdown with queries and charts, build/headcount-reports
	go build -C report -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(CURDIR)/$(BUILD)/headcount-reports ./cmd/headcount-reports

# The default Python environment of notebooks: what nbclient and the example need, then the wheel headcount.
NOTEBOOKS := $(BUILD)/notebooks/default

$(NOTEBOOKS)/packages: report/notebook/requirements.txt
	$(call venv,$(NOTEBOOKS),$<)
	touch $@

$(NOTEBOOKS)/installed: $(NOTEBOOKS)/packages $(BUILD)/python/headcount.wheel
	$(NOTEBOOKS)/bin/pip install -q --disable-pip-version-check --no-deps --force-reinstall $(BUILD)/python/headcount-*.whl
	touch $@

.PHONY: lock-notebooks
lock-notebooks: ## write report/notebook/requirements.txt, every package of that environment with hashes, from requirements.in
	python3 -m venv --clear $(BUILD)/lock && $(BUILD)/lock/bin/pip install -q --disable-pip-version-check uv==0.13.9
	$(BUILD)/lock/bin/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-annotate --custom-compile-command "make lock-notebooks" -o report/notebook/requirements.txt report/notebook/requirements.in

.PHONY: notebooks
notebooks: $(NOTEBOOKS)/installed ## the default Python environment of notebooks, build/notebooks/default

.PHONY: sidecar
sidecar: ## the sidecar, build/headcount-sidecar
	CGO_ENABLED=0 go build -trimpath -tags grpcnotrace -ldflags '-s -w' -o $(BUILD)/headcount-sidecar ./cmd/headcount-sidecar

ARROW_UDF := $(BUILD)/arrow-udf/debug/arrow-udf-client

.PHONY: clients
clients: $(BUILD)/clients/installed $(ARROW_UDF) ## the clients that the sidecar is tested with, build/clients and build/arrow-udf

$(BUILD)/clients/installed: sidecar/interop/requirements.txt
	$(call venv,$(BUILD)/clients,$<)
	touch $@

.PHONY: parsers
parsers: $(BUILD)/parsers/installed ## the SQL parsers of other tools, build/parsers

JVM_PARSERS := trino-parser presto-parser jsqlparser calcite
PARSERS     := e2e/parsers

$(BUILD)/parsers/installed: $(PARSERS)/requirements.txt $(PARSERS)/java/pom.xml $(addprefix $(PARSERS)/rust/,Cargo.toml Cargo.lock src/main.rs)
	$(call venv,$(BUILD)/parsers/python,$<)
	for parser in $(JVM_PARSERS); do JAVA_HOME="$(JDK)" mvn -B -q -f $(PARSERS)/java/pom.xml -P "$$parser" dependency:copy-dependencies \
		-DincludeScope=runtime -DoutputDirectory="$(CURDIR)/$(BUILD)/parsers/$$parser"; done
	$(CARGO) build -q --locked --manifest-path $(PARSERS)/rust/Cargo.toml --target-dir $(BUILD)/parsers/rust
	touch $@

$(ARROW_UDF): $(addprefix sidecar/interop/arrow-udf/,Cargo.toml Cargo.lock src/main.rs)
	$(CARGO) build -q --locked --manifest-path $< --target-dir $(BUILD)/arrow-udf
	touch $@

VENV         := $(BUILD)/venv
PYTHON_VENV  := $(BUILD)/python/venv
PYTHON_WHEEL := $(BUILD)/python/headcount.wheel
PYTHON_LIBS  := $(BUILD)/libheadcount.so $(BUILD)/libheadcount-pings.so

# Python with DuckDB and PyArrow, which read what headcount writes and are measured beside it.
$(VENV)/installed: bench/activity/requirements.txt cmd/headcount/testdata/writers/requirements.txt
	$(call venv,$(VENV),$^)
	touch $@

# Python with Spark, which reads what headcount writes and writes what it reads. On Java 17, as PrestoDB.
SPARK := $(BUILD)/pyspark/4.3.0

# The versions of Spark that the jar is tested on: the oldest and the newest in make test, all in make test-spark-all.
SPARK_VERSIONS     := 3.5.9 4.3.0
SPARK_ALL_VERSIONS := 3.5.9 4.0.4 4.1.4 4.2.1 4.3.0

.PHONY: plugin
plugin: $(foreach arch,$(ARCHES),$(BUILD)/$(arch)/libheadcount.so) $(JAR) ## the Trino plugin folder, build/plugin/headcount
	scripts/install-plugin.sh trino $(PLUGIN) $(BUILD) $(ARCHES)

.PHONY: presto-plugin
presto-plugin: plugin $(foreach arch,$(ARCHES),$(BUILD)/$(arch)/libheadcount-jni.so) ## the PrestoDB plugin folder, build/presto-plugin/headcount
	scripts/install-plugin.sh presto $(PRESTO_PLUGIN) $(BUILD) $(ARCHES)

SPARK_JAR := $(BUILD)/spark-plugin/headcount-spark-$(VERSION).jar

.PHONY: spark-plugin
spark-plugin: $(SPARK_JAR) ## the jar for Spark, build/spark-plugin/headcount-spark-VERSION.jar

$(SPARK_JAR): $(JAVA_SOURCES) VERSION scripts/install-spark.sh $(foreach arch,$(ARCHES),$(BUILD)/$(arch)/libheadcount.so $(BUILD)/$(arch)/libheadcount-jni.so)
	$(MVN) -pl spark -am -DskipTests package
	scripts/install-spark.sh "$(JDK)" $(BUILD) $(VERSION) $(ARCHES)

.PHONY: java
java: $(JAR)

$(JAR): $(JAVA_SOURCES)
	$(MVN) -pl trino,presto,sidecar-client,conformance,jni -am -DskipTests package
	touch $@

PRESTO_TESTS := java-shim/presto/tests/target/test-classpath.txt

# PrestoDB's plugin, and the programs that are run with it on a PrestoDB in process.
$(PRESTO_TESTS): $(JAVA_SOURCES)
	$(MVN) -pl presto/tests -am -DskipTests package
	touch $@

.PHONY: conformance-subjects
conformance-subjects: lib jni sidecar $(PRESTO_TESTS) $(BUILD)/purego/libheadcount.so $(BUILD)/$(CROSS_ARCH)/libheadcount.so $(JAR) ## the conformance drivers, build/conformance
	go build -trimpath -o $(SUBJECTS)/go ./udf/conformance/driver/go
	go build -trimpath -tags purego -o $(SUBJECTS)/go-purego ./udf/conformance/driver/go
	cgo/conformance/build.sh $(HOST_ARCH) $(BUILD)/libheadcount.so $(SUBJECTS)/c
	cgo/conformance/build.sh $(HOST_ARCH) $(BUILD)/purego/libheadcount.so $(SUBJECTS)/c-purego
	cgo/conformance/build.sh $(CROSS_ARCH) $(BUILD)/$(CROSS_ARCH)/libheadcount.so $(SUBJECTS)/c-$(CROSS_ARCH)
	java-shim/conformance/install.sh ffm $(BUILD)/libheadcount.so $(SUBJECTS)/java
	java-shim/conformance/install.sh ffm $(BUILD)/purego/libheadcount.so $(SUBJECTS)/java-purego
	java-shim/conformance/install.sh jni $(BUILD)/libheadcount.so $(SUBJECTS)/java-jni
	go build -trimpath -o $(SUBJECTS)/sidecar ./sidecar/conformance
	java-shim/presto/tests/conformance.sh $(SUBJECTS)/presto

VECTORS      := udf/conformance/vectors/hll
VECTORS_JAR  := udf/conformance/generate/target/headcount-vectors.jar

$(VECTORS_JAR): $(shell find udf/conformance/generate -name target -prune -o -type f -print)
	JAVA_HOME="$(JDK)" MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow mvn -B -q -Dstyle.color=never -f udf/conformance/generate/pom.xml package
	touch $@

.PHONY: vectors
vectors: $(VECTORS_JAR) ## generate the vectors with Algebird into build/vectors, and compare them with those in the repository
	rm -rf $(BUILD)/vectors
	"$(JDK)/bin/java" -Xmx2g -XX:-OmitStackTraceInFastThrow -cp "$(VECTORS_JAR):udf/conformance/generate/target/lib/*" io.github.headcounthll.vectors.Generate $(BUILD)/vectors
	for file in $(VECTORS)/*.jsonl; do cmp "$$file" "$(BUILD)/vectors/$${file##*/}" || exit 1; done

.PHONY: fixture
fixture: $(VECTORS_JAR) $(VENV)/installed ## generate the fixture's sketches and expected results into build/fixture, and compare them with e2e/testdata
	rm -rf $(BUILD)/fixture
	$(VENV)/bin/python e2e/fixture/generate.py e2e/testdata/client_activity.parquet $(BUILD)/fixture "$(JDK)/bin/java" \
		-cp "$(VECTORS_JAR):udf/conformance/generate/target/lib/*" io.github.headcounthll.vectors.Sums
	for file in $(BUILD)/fixture/*; do cmp "$$file" "e2e/testdata/$${file##*/}" || exit 1; done

.PHONY: generate
generate: $(BUILD)/functions.json ## write the files generated from the function table: sql/FUNCTIONS.md, java-shim/*/src/generated, Python's table of C functions
	go run ./udf/describe -write .

$(BUILD)/functions.json: $(GO_SOURCES)
	mkdir -p $(BUILD)
	go run ./udf/describe -format json > $@

.PHONY: dist
dist: presto-plugin ## the release: the plugins for Trino and PrestoDB as zip files in build/dist, and SHA256SUMS
	scripts/dist.sh $(PLUGIN) $(PRESTO_PLUGIN) $(BUILD)/dist $(VERSION)

.PHONY: clean
clean: ## remove everything built
	rm -rf $(BUILD) $$(find java-shim bench udf -name target -type d -prune)

## ---- Test

$(BUILD)/lint/installed: scripts/requirements-lint.txt
	$(call venv,$(BUILD)/lint,$<)
	@touch $@

# A module of its own: its 200 dependencies are no business of Headcount's go.mod.
$(GOLANGCI): scripts/golangci/go.mod
	go build -C $(<D) -o $(CURDIR)/$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.PHONY: format
format: $(BUILD)/lint/installed ## format the Go, Java and C files
	gofmt -w .
	@$(BUILD)/lint/bin/clang-format -i $(C_SOURCES)
	@$(SPOTLESS) spotless:apply

.PHONY: lint
lint: $(BUILD)/lint/installed $(GOLANGCI) ## formats of Go, Java and C; go vet, golangci-lint, shellcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l . ; echo "run gofmt -w on these"; exit 1; }
	@$(BUILD)/lint/bin/clang-format --dry-run --Werror $(C_SOURCES)
	@$(SPOTLESS) spotless:check
	go vet ./...
	GOARCH=arm64 go vet ./udf/...
	go vet -tags purego ./udf/... ./internal/jsonwalk
	$(GOLANGCI) run ./...
	cd report && go vet ./... && ../$(GOLANGCI) run --enable-only staticcheck,unused,ineffassign ./...
	cd bench && go vet ./... && ../$(GOLANGCI) run --enable-only staticcheck,unused,ineffassign ./...
	shellcheck -x $$(git grep -lE '^#!/(bin/sh|usr/bin/env bash)')

# scripts/test.sh makes what the tests need by these two, at the same time.
.PHONY: test-environments test-builds
test-environments: $(BUILD)/clients/installed $(VENV)/installed $(SPARK_VERSIONS:%=$(BUILD)/pyspark/%/installed) $(PYTHON_VENV)/installed $(NOTEBOOKS)/packages $(PLOTS) $(AXE)
test-builds: parsers $(ARROW_UDF) presto-plugin conformance-subjects $(PYTHON_LIBS) $(VECTORS_JAR) $(SPARK_JAR) $(BUILD)/functions.json

.PHONY: test-go
test-go: export HEADCOUNT_JDK = $(JDK)
test-go: lib jni clients parsers notebooks $(PLOTS) $(AXE) $(VENV)/installed $(SPARK)/installed $(addprefix $(BUILD)/,purego/libheadcount.so $(CROSS_ARCH)/libheadcount.so $(CROSS_ARCH)/libheadcount-jni.so) ## the Go tests, also under -race and with the portable kernels
	$(call gotest,go,-timeout 30m $$(go list ./... | grep -vE '/(e2e|udf/conformance)$$'))
	$(call gotest,purego,-tags purego ./udf ./udf/hll/... ./udf/hist/... ./internal/jsonwalk)
	gotestsum="$$(go tool -n gotestsum)" && GOARCH=$(CROSS_ARCH) "$$gotestsum" --format pkgname --junitfile $(BUILD)/reports/$(CROSS_ARCH).xml -- \
		-exec '$(CROSS_QEMU)' -short ./udf/hll/internal/register
	$(call gotest,race,-timeout 30m -race -short ./udf ./udf/hll/... ./sidecar/internal/process)
	gotestsum="$$(go tool -n gotestsum)" && cd report && "$$gotestsum" --format pkgname --junitfile ../$(BUILD)/reports/report.xml -- -timeout 30m ./...
	gotestsum="$$(go tool -n gotestsum)" && cd bench && "$$gotestsum" --format pkgname --junitfile ../$(BUILD)/reports/bench.xml ./...

# Where Mozilla's test files of Telemetry are. They are not part of the repository.
ORIGINALS   ?= ../shared/rollups/real

.PHONY: test-originals
test-originals: ## pings and roll-ups over Mozilla's own test files, in the folder ORIGINALS
	@test -d "$(ORIGINALS)" || { echo "make test-originals: there is no folder $(ORIGINALS); name it by ORIGINALS=FOLDER" >&2; exit 1; }
	ORIGINALS="$(abspath $(ORIGINALS))" go test -count=1 -tags originals ./internal/ping ./rollup/extract

.PHONY: test-java
test-java: presto-plugin sidecar conformance-subjects $(BUILD)/functions.json ## the Java tests, on both Trino versions and PrestoDB
	$(MVN) verify

$(BUILD)/pyspark/%/installed: java-shim/spark/tests/requirements/spark-%.txt
	$(call venv,$(@D),$<)
	touch $@

SPARK_WHEEL := $(BUILD)/spark-plugin/headcount_spark-$(VERSION)-py3-none-any.whl

.PHONY: spark-wheel
spark-wheel: $(SPARK_WHEEL) ## the wheel headcount-spark for PySpark, with the jar inside, in build/spark-plugin

$(SPARK_WHEEL): $(SPARK_JAR) $(shell git ls-files python/headcount-spark scripts/spark-wheel.sh) $(BUILD)/pyspark/4.3.0/installed
	scripts/spark-wheel.sh $(BUILD)/pyspark/4.3.0/bin/python $(SPARK_JAR) $(VERSION) $(@D)
	touch $@

# The server of Spark Connect, which PySpark 3.5 comes without. Maven Central has it up to 3.5.7.
$(BUILD)/pyspark/spark-connect-3.5.9.jar:
	. scripts/lib.sh && maven_artifact org.apache.spark:spark-connect_2.12:3.5.7 $@

# Iceberg's runtimes, of the versions of Spark that have one: Spark's version, Scala's, Iceberg's.
ICEBERG_3.5.9 := 3.5_2.12:1.12.0
ICEBERG_4.0.4 := 4.0_2.13:1.11.0
ICEBERG_4.1.4 := 4.1_2.13:1.12.0

$(BUILD)/pyspark/iceberg-%.jar:
	. scripts/lib.sh && maven_artifact org.apache.iceberg:iceberg-spark-runtime-$(ICEBERG_$*) $@

# Comet's runtimes, likewise.
COMET_4.1.4 := 4.1_2.13:1.2.0

$(BUILD)/pyspark/comet-%.jar:
	. scripts/lib.sh && maven_artifact org.apache.datafusion:comet-spark-spark$(COMET_$*) $@

# The Python package, with the C libraries of this machine.

$(PYTHON_VENV)/installed: $(addsuffix .txt,python/headcount/requirements-test bench/python/requirements)
	$(call venv,$(PYTHON_VENV),$^)
	touch $@

.PHONY: python-wheel
python-wheel: $(PYTHON_WHEEL) ## the wheel headcount for Python, with the C library inside, in build/python

$(PYTHON_WHEEL): $(PYTHON_LIBS) $(shell git ls-files python/headcount/headcount python/headcount/pyproject.toml scripts/python-wheel.sh) $(PYTHON_VENV)/installed
	scripts/python-wheel.sh $(PYTHON_VENV)/bin/python $(HOST_ARCH) $(VERSION) $(@D) $(PYTHON_LIBS)
	$(PYTHON_VENV)/bin/pip install -q --disable-pip-version-check --no-deps --force-reinstall $(@D)/headcount-*.whl
	touch $@

# The wheel of the other architecture. It has a folder of its own: pip would take it for another version of the same package.
PYTHON_CROSS := $(BUILD)/python/$(CROSS_ARCH)

.PHONY: python-wheel-cross
python-wheel-cross: $(addprefix $(BUILD)/$(CROSS_ARCH)/,libheadcount.so libheadcount-pings.so) $(PYTHON_VENV)/installed ## the wheel of the other architecture, arm64 or amd64, in build/python/ARCH
	scripts/python-wheel.sh $(PYTHON_VENV)/bin/python $(CROSS_ARCH) $(VERSION) $(PYTHON_CROSS) $(filter %.so,$^)
	scripts/check-wheel.py $(PYTHON_CROSS)/headcount-*.whl $(CROSS_ARCH)

.PHONY: test-python-wheel-cross
test-python-wheel-cross: python-wheel-cross ## vectors, groups and pings on that wheel, in that architecture's Python under qemu
	scripts/test-wheel-cross.sh $(PYTHON_VENV)/bin/python $(PYTHON_CROSS)/headcount-*.whl $(CROSS_ARCH) $(PYTHON_CROSS)

.PHONY: test-python
test-python: $(PYTHON_WHEEL) ## the Python package as installed from its wheel: vectors, arrays, doctests, types
	$(PYTHON_VENV)/bin/python -m pytest -q -c python/headcount/tests/pytest.ini --junitxml=$(BUILD)/reports/python.xml python/headcount/tests

# The jars of spark-hyperloglog and of the Spark that it was made for.
$(BUILD)/pyspark/original/installed: scripts/spark-original.sh
	scripts/spark-original.sh $(@D)
	touch $@

.PHONY: test-spark
test-spark: $(SPARK_JAR) $(SPARK_WHEEL) $(BUILD)/functions.json $(SPARK_VERSIONS:%=$(BUILD)/pyspark/%/installed) ## the jar on the oldest and the newest Spark
	scripts/test-spark.sh short $(SPARK_JAR) $(SPARK_WHEEL) $(SPARK_VERSIONS)

.PHONY: test-spark-vectors
test-spark-vectors: $(SPARK_JAR) $(SPARK_WHEEL) $(SPARK_VERSIONS:%=$(BUILD)/pyspark/%/installed) ## the original library's vectors through SQL of the oldest and the newest Spark, but for the largest sketches
	scripts/test-spark.sh vectors $(SPARK_JAR) $(SPARK_WHEEL) $(SPARK_VERSIONS)

.PHONY: test-spark-all
test-spark-all: $(SPARK_JAR) $(SPARK_WHEEL) $(BUILD)/functions.json $(SPARK_ALL_VERSIONS:%=$(BUILD)/pyspark/%/installed) $(BUILD)/pyspark/java-21/installed $(if $(filter $(SPARK_VERSIONS),$(SPARK_ALL_VERSIONS)),$(BUILD)/pyspark/original/installed) \
		$(patsubst %,$(BUILD)/pyspark/spark-connect-%.jar,$(filter 3.5.9,$(SPARK_ALL_VERSIONS))) $(patsubst %,$(BUILD)/pyspark/iceberg-%.jar,$(filter 3.5.9 4.0.4 4.1.4,$(SPARK_ALL_VERSIONS))) \
		$(patsubst %,$(BUILD)/pyspark/comet-%.jar,$(filter 4.1.4,$(SPARK_ALL_VERSIONS))) ## the jar on every Spark from 3.5 to 4.3, or on SPARK_ALL_VERSIONS=4.1.4 alone, with Connect and every way to load it
	scripts/test-spark.sh all $(SPARK_JAR) $(SPARK_WHEEL) $(SPARK_ALL_VERSIONS)

.PHONY: test-conformance
test-conformance: conformance-subjects vectors fixture ## the original library's vectors through every driver
	$(call gotest,conformance,-count=1 -timeout 60m ./udf/conformance)

.PHONY: test-glibc
test-glibc: lib jni $(PYTHON_LIBS) $(JAR) $(SPARK_JAR) $(SPARK)/installed ## the libraries, all vectors and the jar for Spark on glibc 2.31, of Debian 11 or Ubuntu 20.04
	java-shim/conformance/install.sh ffm $(BUILD)/libheadcount.so $(SUBJECTS)/java
	java-shim/conformance/install.sh jni $(BUILD)/libheadcount.so $(SUBJECTS)/java-jni
	scripts/test-glibc.sh "$(JDK)" $(SPARK_JAR) $(SPARK)

.PHONY: test-e2e
test-e2e: plugin sidecar $(PLOTS) ## SQL against a real Trino in Docker
	$(call gotest,e2e,-count=1 -timeout 60m ./e2e)

SUPERSET := $(BUILD)/superset

# The metadata database is made here once, and each test run has a copy.
$(SUPERSET)/installed: $(addprefix e2e/superset/,requirements.txt superset_config.py)
	$(call venv,$(SUPERSET)/venv,$<)
	rm -rf $(SUPERSET)/home && mkdir -p $(SUPERSET)/home
	export SUPERSET_HOME="$(CURDIR)/$(SUPERSET)/home" SUPERSET_SECRET_KEY="$$(head -c 32 /dev/urandom | base64)" \
		SUPERSET_CONFIG_PATH=e2e/superset/superset_config.py FLASK_APP="superset.app:create_app()"; \
		$(SUPERSET)/venv/bin/superset db upgrade >$(SUPERSET)/log 2>&1 && $(SUPERSET)/venv/bin/superset init >>$(SUPERSET)/log 2>&1 \
		|| { tail $(SUPERSET)/log; exit 1; }
	touch $@

.PHONY: test-superset
test-superset: plugin $(SUPERSET)/installed ## docs/superset.md, step by step, in a Superset from PyPI on a real Trino
	$(call gotest,superset,-count=1 -timeout 30m -tags superset -run TestSuperset ./e2e)

TOOLS := sqlalchemy ibis dbt sqlmesh

$(BUILD)/tools/%/installed: e2e/tools/%/requirements.txt
	$(call venv,$(@D),$<)
	touch $@

# An S3 server, and Trino's plugin that spools results into it.
$(BUILD)/tools/spooled/installed: e2e/tools/spooled/install.sh
	$< $(@D)
	touch $@

.PHONY: test-tools
test-tools: plugin $(addprefix $(BUILD)/tools/,$(addsuffix /installed,$(TOOLS) spooled)) ## SQLAlchemy, ibis, dbt and SQLMesh from PyPI on a real Trino; spooled results
	$(call gotest,tools,-count=1 -timeout 30m -tags tools -run TestTools ./e2e)

## ---- Long runs (each has a short form in make test)

.PHONY: bench-instructions
bench-instructions: ## instructions that each kernel executes for a sketch, AVX2, NEON and portable, counted by qemu
	@scripts/kernel-instructions.sh

.PHONY: bench
bench: ## the kernels and the sketch, Go benchmarks
	go test -run '^$$' -bench . -benchmem -count 6 ./udf/hll/... | tee $(BUILD)/bench.txt
	go tool benchstat $(BUILD)/bench.txt

.PHONY: bench-compare
bench-compare: ## compare with Algebird, airlift, DataSketches and Go libraries, one table (12 minutes; JDK 25)
	@mkdir -p $(BUILD)/bench
	cd bench && go run ./compare -jdk "$(JDK)" -out ../$(BUILD)/bench/compare.md

.PHONY: accuracy
accuracy: ## accuracy of the estimates over SETS (10,000) random sets per size, as tables (6 minutes)
	@mkdir -p $(BUILD)/bench
	HEADCOUNT_ACCURACY=$(SETS) go test -count 1 -v -timeout 4h -run Accuracy ./udf/hll/internal/estimate >$(BUILD)/bench/accuracy.txt; \
		status=$$?; cat $(BUILD)/bench/accuracy.txt; exit $$status

.PHONY: figures
figures: ## write the results of both into docs/figures.md and README.md
	cd bench && go run ./figures -docs ../docs -accuracy ../$(BUILD)/bench/accuracy.txt -compare ../$(BUILD)/bench/compare.md -readme ../README.md

.PHONY: bench-order
bench-order: headcount plugin $(PYTHON_WHEEL) $(SPARK_JAR) $(BUILD)/pyspark/$(lastword $(SPARK_VERSIONS))/installed ## one result in any order: unions in all orders, in Trino on two nodes, Spark and the command, compared with DataSketches, airlift and axiomhq (13 minutes; JDK 25)
	JAVA_HOME="$(JDK)" mvn -B -q -f bench/jvm/pom.xml package
	cd bench && go run ./order -jdk "$(JDK)" -python ../$(PYTHON_VENV)/bin/python -headcount ../$(BUILD)/headcount \
		-spark ../$(BUILD)/pyspark/$(lastword $(SPARK_VERSIONS))/bin/python -spark-jdk "$(PRESTO_JDK)" -jar ../$(SPARK_JAR) \
		-folder ../$(BUILD)/bench/order -figures ../docs/figures.md

.PHONY: bench-build
bench-build: headcount $(VENV)/installed ## headcount build over ROWS (100 million) generated rows, compared with DuckDB's count(DISTINCT), or with another build: OLD=path
	$(VENV)/bin/python bench/activity/bench.py $(BUILD)/headcount --rows $(ROWS) $(if $(OLD),--old $(OLD))

.PHONY: bench-scale
bench-scale: headcount $(VENV)/installed $(PYTHON_WHEEL) ## headcount build over SCALE_ROWS rows, unions of 1,000 to 1 million sketches, with slopes and curves, and bench-nodes (15 minutes)
	activity="$$($(VENV)/bin/python bench/activity/generate.py $(BUILD)/bench $(filter-out 1000000000,$(SCALE_ROWS)))" && \
		$(PYTHON_VENV)/bin/python bench/scale/bench.py $(BUILD)/headcount --activity $$activity --rows $(SCALE_ROWS) \
		--segments 1000 10000 100000 1000000 --folder $(BUILD)/bench/scale | tee $(BUILD)/bench/scale.md
	cd bench && go run ./figures -docs ../docs -scale ../$(BUILD)/bench/scale.md
	$(MAKE) --no-print-directory bench-nodes

.PHONY: bench-nodes
bench-nodes: plugin $(VENV)/installed ## the daily job and the 28-day query on a Trino of 1, 2 and 3 nodes with the same share of a CPU, over NODE_ROWS rows (10 million; root, cgroups)
	activity="$$($(VENV)/bin/python bench/activity/generate.py $(BUILD)/bench $(NODE_ROWS))" && \
		cd bench && go run ./nodes -activity "../$${activity#*=}" -figures ../docs/figures.md

.PHONY: bench-views
bench-views: headcount $(VENV)/installed ## headcount view and longitudinal over generated pings and activity, compared with DuckDB
	$(VENV)/bin/python bench/views/bench.py $(BUILD)/headcount --folder $(BUILD)/bench/views

.PHONY: bench-trino
bench-trino: plugin ## merge, hll_agg and aggregate_histograms compared with Trino's own functions, CPU and memory (12 minutes)
	scripts/bench-trino.sh

.PHONY: bench-trino-sidecar
bench-trino-sidecar: plugin sidecar ## the same with the functions in a sidecar, whose CPU time is included
	HEADCOUNT_BACKEND=sidecar scripts/bench-trino.sh 476 dense

.PHONY: bench-presto
bench-presto: presto-plugin sidecar ## merge compared with PrestoDB's own, in process and with the sidecar (5 minutes)
	scripts/bench-presto.sh

.PHONY: bench-spark
bench-spark: $(SPARK_JAR) $(SPARK_VERSIONS:%=$(BUILD)/pyspark/%/installed) ## hll_merge and hll_agg compared with Spark's own, on the oldest and the newest Spark (15 minutes)
	for version in $(SPARK_VERSIONS); do JAVA_HOME="$(PRESTO_JDK)" $(BUILD)/pyspark/$$version/bin/python bench/spark/bench.py $(SPARK_JAR) $(BUILD)/bench/spark; done

.PHONY: bench-python
bench-python: headcount $(PYTHON_WHEEL) ## the Python package compared with datasketches, and headcount.pings with json (5 minutes)
	$(PYTHON_VENV)/bin/python bench/python/bench.py $(BUILD)/headcount --folder $(BUILD)/bench/python

.PHONY: bench-rollups
bench-rollups: headcount-rollup ## roll-ups: aggregation compared with Python, loads into PostgreSQL, requests, pages
	scripts/bench-rollups.sh

.PHONY: bench-calls
bench-calls: lib jni sidecar $(JAR) ## a call of the library from Java: java.lang.foreign, JNI, the sidecar (2 minutes)
	scripts/bench-calls.sh

.PHONY: bench-sidecar
bench-sidecar: ## the sidecar's aggregation compared with a bare gRPC stream of the same bytes
	go run ./sidecar/bench

.PHONY: bench-sql
bench-sql: plugin ## the seed query over dense and sparse sketches: CPU time and memory in Trino, medians
	go test -run '^$$' -bench SeedQuery -benchtime 25x -timeout 30m ./e2e

.PHONY: bench-reports
bench-reports: plugin $(PLOTS) ## engagement of 180 days as a report, and of one new day: CPU time in Trino, medians
	go test -run '^$$' -bench Reports -benchtime 5x -timeout 30m ./e2e

.PHONY: test-schedule
test-schedule: ## a report due every minute of 30 days: two servers, daylight saving time both ways, downtime, a clock that is set back
	cd report && HEADCOUNT_SCHEDULE_DAYS=15 go test -count=1 -timeout 30m -v -run EachMinute ./schedule

.PHONY: bench-practices
bench-practices: plugin ## the queries of docs/practices.md: CPU time, network and bytes read in Trino, medians
	go test -v -run TestPractices -bench Practices -benchtime 5x -timeout 30m ./e2e

.PHONY: soak
soak: plugin ## SOAK_CLIENTS (16) for SOAK (5m), a third of the queries cancelled
	HEADCOUNT_SOAK=$(SOAK) HEADCOUNT_SOAK_CLIENTS=$(SOAK_CLIENTS) go test -count=1 -timeout 180m -v -run TestSoak ./e2e/...

.PHONY: soak-cluster
soak-cluster: plugin ## the same on three nodes, without Docker; every minute a worker is killed and started again
	MODE=local HEADCOUNT_SOAK=$(SOAK) HEADCOUNT_SOAK_CLIENTS=$(SOAK_CLIENTS) go test -count=1 -timeout 180m -v -tags soak -run TestSoakCluster ./e2e

.PHONY: trust-merges
trust-merges: ## MERGES (10^10) unions of random sketches at precisions 4 to 7, half of them in a state, each compared with the oracle's bytes (CPU: 80 minutes)
	HEADCOUNT_MERGES=$(MERGES) go test -count=1 -timeout 24h -v -run OfManyRandomSketches ./udf/hll

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (10m)
	scripts/fuzz.sh $(FUZZTIME)
