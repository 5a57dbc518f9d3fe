#!/bin/sh
# Writes the S3 server's one identity from the environment, then becomes the server.
set -eu
: "${S3_ACCESS_KEY_ID:?}" "${S3_SECRET_ACCESS_KEY:?}"
folder=${S3_FOLDER:-/data}
umask 077
cat >"$folder/s3.json" <<JSON
{"identities": [{"name": "site", "credentials": [{"accessKey": "$S3_ACCESS_KEY_ID", "secretKey": "$S3_SECRET_ACCESS_KEY"}],
  "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}
JSON
exec weed server -dir="$folder" -s3 -s3.config="$folder/s3.json" -master.telemetry=false "$@"
