#!/bin/sh
# Makes code/bootstrap. On Debian and Ubuntu: apt install g++
set -e
cd "$(dirname "$0")"
command -v g++ >/dev/null || { echo 'g++ is not installed; on Debian and Ubuntu: apt install g++' >&2; exit 1; }
mkdir -p code
g++ -std=c++17 -O1 -pthread -o code/bootstrap server.cpp
