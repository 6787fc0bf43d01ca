#!/bin/sh
# Makes code/Server.class. On Debian and Ubuntu: apt install openjdk-17-jdk-headless
set -e
cd "$(dirname "$0")"
javac -encoding UTF-8 -d code Server.java
