#!/bin/sh
# Makes the passwords that compose.yaml asks for, once, beside it; there are no others.
set -eu
file=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/.env
[ ! -e "$file" ] || exit 0
umask 077
for name in INFLUXDB_ADMIN_PASSWORD INFLUXDB_USER_PASSWORD GRAFANA_ADMIN_PASSWORD; do
  printf '%s=%s\n' "$name" "$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')"
done >"$file"
