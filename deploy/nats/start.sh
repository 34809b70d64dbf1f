#!/bin/sh
# Starts the bus with each user's password from its secret file. Quotes keep one that looks like a number a text.
set -eu
for name in enrolment chat safeguard notify gateway operator; do
  variable="$(echo "$name" | tr '[:lower:]' '[:upper:]')_NATS_PASSWORD"
  export "$variable=\"$(cat "/run/secrets/${name}_nats_password")\""
done
exec nats-server -c /etc/harbour/nats.conf
