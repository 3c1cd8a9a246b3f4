#!/usr/bin/env bash
# What is installed is enough: a C program in another folder builds with pkg-config alone, and with find_package, and the tool runs.
#   tests/install/run.sh PREFIX
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
prefix=$(realpath "$1")
data=$here/../../examples/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
libdir=$(dirname "$(find "$prefix" -name 'libevodb_lakehouse.so' | head -n 1)")
export PKG_CONFIG_PATH=$libdir/pkgconfig

"$prefix/bin/evodb-lakehouse" create "$work/table" --like "$data/flights-2014-01.parquet" --json >/dev/null
"$prefix/bin/evodb-lakehouse" append "$work/table" "$data/flights-2014-01.parquet" --json >/dev/null

expect_rows() { # expect_rows WHAT COMMAND...
  local what=$1 rows
  shift
  rows=$("$@" "$work/table")
  if [ "$rows" != 88 ]; then
    echo "$what: expected 88 rows, got $rows" >&2
    exit 1
  fi
  echo "$what: 88 rows"
}

cd "$work"
cp "$here/consumer.c" "$here/CMakeLists.txt" .
# shellcheck disable=SC2046
cc -std=c99 -Wall -Wextra -Werror consumer.c $(pkg-config --cflags --libs evodb_lakehouse) -o by-pkg-config
expect_rows pkg-config env LD_LIBRARY_PATH="$libdir" ./by-pkg-config
cmake -S . -B build -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build build >/dev/null
expect_rows find_package ./build/consumer
