#!/bin/sh
# Builds the oracle: the jars into <out>/lib, the classes into <out>/classes. Does nothing when both are up to date.
#
#   build.sh [out]    out defaults to build/interop-java in the repository
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../../build/interop-java}

for command in mvn java javac; do
  if ! command -v "$command" >/dev/null 2>&1; then
    echo "build.sh: $command is missing: install a JDK, version 17 or later, and Maven" >&2
    exit 1
  fi
done

mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here"

digest() { cat "$@" | sha256sum | cut -d ' ' -f 1; }
jars=$(digest pom.xml)
sources=$(find src -type f | LC_ALL=C sort)
program=$jars-$(digest $sources)

# The stamps are written last, so a build that was cut short is built again.
if [ "$(cat "$out/lib.stamp" 2>/dev/null)" != "$jars" ]; then
  rm -rf "$out/lib"
  mvn -q -B -f pom.xml dependency:copy-dependencies -DoutputDirectory="$out/lib"
  echo "$jars" >"$out/lib.stamp"
fi
if [ "$(cat "$out/classes.stamp" 2>/dev/null)" != "$program" ]; then
  rm -rf "$out/classes"
  mkdir -p "$out/classes/evodb/oracle/matrix"
  javac -encoding UTF-8 -Xlint:all,-path,-processing,-classfile,-serial -d "$out/classes" -cp "$out/lib/*" $(find src -name '*.java')
  cp src/evodb/oracle/matrix/values.json "$out/classes/evodb/oracle/matrix/"
  echo "$program" >"$out/classes.stamp"
fi
