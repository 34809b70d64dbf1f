#!/bin/sh
# Starts the cache with one user, whose password is known here only by its hash, and who may not administer.
set -eu
umask 077
hash="$(tr -d '\n' </run/secrets/redis_password | sha256sum | cut -d ' ' -f 1)"
echo "user default on #$hash ~* &* +@all -@admin -@dangerous +info" >/tmp/users.acl
exec redis-server --dir /data --appendonly yes --appendfsync everysec --aclfile /tmp/users.acl
