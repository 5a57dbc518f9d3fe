#!/usr/bin/env bash
# Runs once, as the superuser of a new database server: the two roles of docs/operations.md, and owner's database.
set -euo pipefail
: "${OWNER_PASSWORD:?}" "${APP_PASSWORD:?}"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE app LOGIN PASSWORD :'app_password';
CREATE DATABASE hitrecord OWNER owner;
SQL
