#!/usr/bin/env bash
# Gradescope calls this once, while it builds the autograder's image. What was uploaded lies in /autograder/source.
set -euo pipefail
source="${AUTOGRADER:-/autograder}/source"

# havoc needs Node 22 or later, which the image may not have
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 22 ? 0 : 1)' 2> /dev/null; then
  apt-get update
  apt-get install -y --no-install-recommends ca-certificates curl xz-utils
  curl -fsSL https://nodejs.org/dist/v24.21.0/node-v24.21.0-linux-x64.tar.xz | tar -xJ -C /usr/local --strip-components=1
fi

cd "$source/havoc"
npm ci
