#!/bin/sh
# Makes code/greet/bootstrap and code/web/bootstrap. On Debian and Ubuntu: apt install golang-go
# Go fetches the library. Where it can't, FC_GO_LIBRARY=/folder names a copy: github.com/aliyun/fc-runtime-go-sdk at v0.3.1.
set -e
cd "$(dirname "$0")"
mkdir -p code/greet code/web
if [ -n "$FC_GO_LIBRARY" ]; then
  cp go.mod code/copy.mod
  go mod edit -replace "github.com/aliyun/fc-runtime-go-sdk=$FC_GO_LIBRARY" code/copy.mod
  export GOFLAGS=-modfile=code/copy.mod
fi
CGO_ENABLED=0 go build -p 1 -o code/greet/bootstrap ./greet
CGO_ENABLED=0 go build -p 1 -o code/web/bootstrap ./web
