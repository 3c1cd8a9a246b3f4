#!/usr/bin/env bash
# Builds the Java classes into OUT/classes and the JNI library beside them, from the header that pkg-config finds.
# Does nothing if both are up to date.
#   bindings/java/build.sh OUT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
pkg-config --exists --print-errors evodb_lakehouse || exit # it reports what PKG_CONFIG_PATH lacks
include=$(pkg-config --variable=includedir evodb_lakehouse)
read -ra flags < <(pkg-config --cflags --libs evodb_lakehouse)

# The stamp is written last, so an interrupted build is repeated.
inputs=$({ cat "$here"/*.i "$here"/*.java "$here/build.sh" "$include/evodb_lakehouse.h"; echo "${flags[@]}"; } | sha256sum)
if [ "$(cat "$out/stamp" 2>/dev/null)" = "$inputs" ]; then exit; fi

generated=$out/generated/evodb/lakehouse
rm -rf "$out/generated" "$out/classes" "$out/stamp"
mkdir -p "$generated"
swig -java -Wall -Werror -I"$include" -package evodb.lakehouse -outdir "$generated" -o "$out/generated/wrap.c" "$here/evodb_lakehouse.i"
# Without a typemap a parameter becomes a class for a raw pointer in Java, or a length beside SWIG's own string.
if compgen -G "$generated/SWIGTYPE_*" || grep -nE '[(,] ?\S+ \w+_lengths?\b' "$generated/Lakehouse.java"; then
  echo "evodb_lakehouse.i lacks a typemap for the parameters above" >&2
  exit 1
fi

java_home=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
# -fno-strict-aliasing: as SWIG's manual asks for its casts between handles and jlong.
gcc -O2 -Wall -Wextra -Werror -fno-strict-aliasing -fPIC -shared -I"$java_home/include" -I"$java_home/include/linux" \
  "$out/generated/wrap.c" "${flags[@]}" -o "$out/libevodb_lakehouse_java.so"
javac --release 17 -encoding UTF-8 -Xlint:all -Werror -d "$out/classes" "$here"/*.java "$generated"/*.java
echo "$inputs" >"$out/stamp"
