#!/usr/bin/env bash
# What is installed is enough: a C program in another folder builds with pkg-config alone, and with find_package, and the tool runs. What is
# loaded carries no debugging symbols; they lie beside it.
#   tests/install/run.sh PREFIX [archive]     archive: libevodb_lakehouse.a is installed, too
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
prefix=$(realpath "$1")
data=$here/../../examples/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
libdir=$(dirname "$(find "$prefix" -name 'libevodb_lakehouse.so' | head -n 1)")
export PKG_CONFIG_PATH=$libdir/pkgconfig

fail() {
  echo "$1" >&2
  exit 1
}

sections() { # sections FILE
  readelf --section-headers --wide "$1" 2>/dev/null | grep -oE ' \.[a-z_.]+ ' || true
}

expect_symbols_apart() { # expect_symbols_apart FILE
  local file apart
  file=$(realpath "$1")
  apart=$(dirname "$file")/.debug/$(basename "$file").debug
  ! sections "$file" | grep -qE '\.(debug|symtab)' || fail "$file has debugging symbols"
  sections "$file" | grep -q '\.gnu_debuglink' || fail "$file does not name the file with its symbols"
  sections "$apart" | grep -q '\.debug_line' || fail "$apart has no line numbers"
  echo "symbols apart: $(basename "$file")"
}

expect_symbols_apart "$libdir/libevodb_lakehouse.so"
expect_symbols_apart "$prefix/bin/evodb-lakehouse"
"$here/../../scripts/check-exports" "$libdir/libevodb_lakehouse.so"

"$prefix/bin/evodb-lakehouse" create "$work/table" --like "$data/flights-2014-01.parquet" --json >/dev/null
"$prefix/bin/evodb-lakehouse" append "$work/table" "$data/flights-2014-01.parquet" --json >/dev/null

expect_rows() { # expect_rows WHAT COMMAND...
  local what=$1 rows
  shift
  rows=$("$@" "$work/table")
  [ "$rows" = 88 ] || fail "$what: expected 88 rows, got $rows"
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

[ "${2:-}" = archive ] || exit 0
"$here/../../scripts/check-exports" "$libdir/libevodb_lakehouse.a"
# shellcheck disable=SC2046
cc -std=c99 -Wall -Wextra -Werror consumer.c -Wl,-Bstatic $(pkg-config --static --cflags --libs evodb_lakehouse) -Wl,-Bdynamic -o by-archive
! ldd by-archive | grep -E 'evodb|stdc|ssl|crypto|boost' || fail "by-archive needs more than the C library"
expect_rows archive ./by-archive
