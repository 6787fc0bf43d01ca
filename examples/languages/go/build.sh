#!/bin/sh
# Makes code/bootstrap. On Debian and Ubuntu: apt install golang-go
set -e
cd "$(dirname "$0")"
mkdir -p code
CGO_ENABLED=0 go build -p 1 -o code/bootstrap .
