#!/bin/sh
# Makes code/bootstrap. On Debian and Ubuntu: apt install rustc
set -e
cd "$(dirname "$0")"
mkdir -p code
rustc --edition 2021 -O -o code/bootstrap main.rs
