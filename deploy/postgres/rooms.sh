#!/bin/sh
# Makes a role and a database for each service that keeps tables; no role can open another's database.
set -eu
for name in enrolment chat safeguard notify; do
  password="$(cat "/run/secrets/${name}_database_password")"
  psql --quiet -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<SQL
CREATE ROLE $name LOGIN PASSWORD '$password';
CREATE DATABASE $name OWNER $name;
REVOKE ALL ON DATABASE $name FROM PUBLIC;
SQL
done
