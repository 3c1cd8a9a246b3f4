#!/usr/bin/env bash
# The header compiles alone and without warnings, in every language standard that its users have.
set -euo pipefail
cd "$(dirname "$0")/../.."
for compiler in gcc clang-14; do
  for standard in c99 c11 c17; do
    $compiler -std=$standard -Wall -Wextra -pedantic -Werror -fsyntax-only -x c include/evodb_lakehouse.h
  done
done
for compiler in g++ clang++-14; do
  for standard in c++17 c++20; do
    $compiler -std=$standard -Wall -Wextra -pedantic -Werror -fsyntax-only -x c++ include/evodb_lakehouse.h
  done
done
echo "the header compiles alone"
