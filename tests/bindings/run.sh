#!/usr/bin/env bash
# What is installed is enough for Go, Rust and Java: their generators read the header, see its constants, and their programs list a table's files.
#   tests/bindings/run.sh PREFIX
# Builds into build/bindings. The last line is "N passed, N failed".
set -uo pipefail
: "${1:?usage: tests/bindings/run.sh PREFIX}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build/bindings
data=$root/examples/data
export LC_ALL=C.UTF-8 # Java takes arguments and prints in the locale's encoding
passed=0 failed=0

ok() {
  echo "ok $1"
  passed=$((passed + 1))
}

bad() { # bad WHAT [FILE]: FILE shows why
  echo "FAILED $1"
  [ $# -lt 2 ] || tail -n 30 "$2" | sed 's/^/    /'
  failed=$((failed + 1))
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

need() { # need COMMAND HOW
  command -v "$1" >/dev/null || bad "$1 is missing: $2"
}
need go "install Go 1.22 or newer from go.dev/dl"
need cargo "install Rust 1.75 or newer with rustup (rustup.rs)"
need javac "install a JDK, 17 or newer: apt-get install openjdk-17-jdk-headless"
need swig "apt-get install swig (4.1 or newer)"
need gcc "apt-get install gcc"
need pkg-config "apt-get install pkg-config"
need python3 "apt-get install python3"
prefix=$(realpath -m "$1")
library=$(find "$prefix" -name libevodb_lakehouse.so 2>/dev/null | head -n 1)
[ -n "$library" ] || bad "nothing is installed in $1: cmake --install build/release --prefix $1"
[ "$failed" -eq 0 ] || finish

libdir=$(dirname "$library")
header=$prefix/include/evodb_lakehouse.h
export PKG_CONFIG_PATH=$libdir/pkgconfig LD_LIBRARY_PATH=$libdir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$build"/{go/constants,rust,java}

# ------------------------------------------------------------------------------------------------------------------ the builds

build_go() {
  # Go's cache does not look into headers: with another header the flags must differ.
  export CGO_CFLAGS="-g -O2 -DEVODB_HEADER_DIGEST=$(sha256sum "$header" | cut -c 1-16)"
  { # cgo knows the constants that a program names.
    printf 'package main\n\n// #cgo pkg-config: evodb_lakehouse\n// #include <evodb_lakehouse.h>\nimport "C"\nimport "fmt"\n\nfunc main() {\n'
    sed 's/ .*//; s/.*/\tfmt.Println("&", int64(C.&))/' "$work/constants"
    echo '}'
  } >"$build/go/constants/main.go"
  go build -C "$root/bindings/go" -o "$build/go/list_files" ./examples/list_files &&
    go build -C "$build/go/constants" -o "$build/go/print_constants" main.go
}

build_rust() {
  cargo build --manifest-path "$root/bindings/rust/Cargo.toml" --target-dir "$build/rust" --locked --example list_files \
    --message-format json-render-diagnostics >"$work/cargo.json"
}

build_java() { "$root/bindings/java/build.sh" "$build/java"; }

# --------------------------------------------------------------------------------------------------------------- the programs

list_files_go() { "$build/go/list_files" "$@"; }
list_files_rust() { "$build/rust/debug/examples/list_files" "$@"; }
list_files_java() { java -Djava.library.path="$build/java" -cp "$build/java/classes" ListFiles "$@"; }

constants_go() { "$build/go/print_constants"; }
constants_rust() { # bindgen's own text, which Cargo names
  python3 - "$work/cargo.json" <<'PYTHON'
import json, pathlib, re, sys
for message in map(json.loads, open(sys.argv[1])):
    if message["reason"] == "build-script-executed" and "evodb-lakehouse-sys" in message["package_id"]:
        text = (pathlib.Path(message["out_dir"]) / "bindings.rs").read_text()
        for name, value in re.findall(r"pub const (EVODB_\w+)\s*:\s*i32\s*=\s*(-?\d+)", text):
            print(name, value)
PYTHON
}
constants_java() { java -cp "$build/java/classes" "$here/Constants.java"; }

# ----------------------------------------------------------------------------------------------------------------- the checks

expect_same() { # expect_same WHAT EXPECTED_FILE COMMAND...: its lines, in any order
  local what=$1 expected=$2
  shift 2
  if "$@" >"$work/lines" 2>"$work/errors" && sort "$work/lines" | diff "$expected" - >"$work/difference"; then
    ok "$what"
  else
    cat "$work/errors" >>"$work/difference"
    bad "$what" "$work/difference"
  fi
}

expect_failure() { # expect_failure WHAT PATTERN COMMAND...: status 1, a matching line on standard error, nothing on standard output
  local what=$1 pattern=$2 status
  shift 2
  "$@" >"$work/lines" 2>"$work/errors"
  status=$?
  if [ "$status" -eq 1 ] && [ ! -s "$work/lines" ] && grep -qE "$pattern" "$work/errors"; then
    ok "$what"
  else
    echo "status $status, expected 1 and: $pattern" | cat - "$work/lines" "$work/errors" >"$work/difference"
    bad "$what" "$work/difference"
  fi
}

tool_files() { # what the tool lists, in the programs' form
  "$prefix/bin/evodb-lakehouse" files "$work/lake/flights" --json "$@" | python3 -c '
import json, sys
for row in map(json.loads, sys.stdin):
    print(row["file_path"], row["record_count"], sep="\t")' | sort
}

expect_count() { # expect_count WHAT NUMBER FILE
  if [ "$(wc -l <"$3")" -eq "$2" ]; then ok "$1"; else bad "$1" "$3"; fi
}

july="time_hour >= '2013-07-01' AND time_hour < '2013-08-01'"
{
  "$prefix/bin/evodb-lakehouse" create "$work/lake/flights" --like "$data/flights-2013-01.parquet" --partition 'month(time_hour)' --json
  "$prefix/bin/evodb-lakehouse" append "$work/lake/flights" "$data"/*.parquet --json
} >"$work/tool" 2>&1 || bad "the tool makes a table" "$work/tool"
tool_files >"$work/all"
tool_files --filter "$july" >"$work/july"
expect_count "the tool lists 13 files" 13 "$work/all"
expect_count "the tool lists July's file" 1 "$work/july"

echo '#include <evodb_lakehouse.h>' | gcc -I"$prefix/include" -dM -E - | grep -E '^#define EVODB_' |
  grep -vE '^#define EVODB_(API|LAKEHOUSE_H)\b' | sed 's/^#define //' | sort >"$work/constants"
grep -vE '^EVODB_[A-Z0-9_]+ -?[0-9]+$' "$work/constants" >"$work/unlike"
if [ -s "$work/constants" ] && [ ! -s "$work/unlike" ]; then
  ok "the header's $(wc -l <"$work/constants") constants are plain numbers"
else
  bad "the header's constants are plain numbers" "$work/unlike"
fi
gcc -shared -fPIC -I"$prefix/include" "$here/other_version.c" -o "$work/other_version.so" || bad "another version is made"

for language in go rust java; do
  if ! "build_$language" >"$build/$language.log" 2>&1; then
    bad "$language builds" "$build/$language.log"
    continue
  fi
  ok "$language builds"
  program=list_files_$language
  expect_same "$language lists files" "$work/all" "$program" "$work/lake" flights
  expect_same "$language lists July's file" "$work/july" "$program" "$work/lake" flights "$july"
  # A name beyond the basic plane comes back as it went in.
  expect_failure "$language reports an unknown column" '^INVALID_FILTER: .*𝄞é' "$program" "$work/lake" flights '"𝄞é" = 1'
  expect_failure "$language reports an absent table" '^NOT_FOUND: ' "$program" "$work/lake" absent
  LD_PRELOAD=$work/other_version.so expect_failure "$language refuses another version" '^This program was built for evodb_lakehouse ' \
    "$program" "$work/lake" flights
  expect_same "$language has the header's constants" "$work/constants" "constants_$language"
done
finish
