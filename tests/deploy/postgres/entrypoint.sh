#!/bin/sh
# Makes a database at the first start as the image that it stands in for documents it, then becomes the server.
set -eu
case $CONTRACT in
  sclorg)
    export PGDATA=/var/lib/pgsql/data/userdata
    superuser=postgres password=$POSTGRESQL_ADMIN_PASSWORD
    owner=$POSTGRESQL_USER database=$POSTGRESQL_DATABASE
    ;;
  official)
    export PGDATA=${PGDATA:-/var/lib/postgresql/18/docker}
    superuser=${POSTGRES_USER:-postgres} password=$POSTGRES_PASSWORD
    owner=$superuser database=${POSTGRES_DB:-$superuser}
    ;;
esac
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  printf '%s\n' "$password" >/tmp/password
  initdb -D "$PGDATA" -U "$superuser" --pwfile=/tmp/password -A scram-sha-256 -E UTF8 --locale=C >/dev/null
  rm /tmp/password
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  {
    [ "$owner" = "$superuser" ] || echo "CREATE ROLE \"$owner\" LOGIN PASSWORD '$POSTGRESQL_PASSWORD';"
    echo "CREATE DATABASE \"$database\" OWNER \"$owner\";"
  } | postgres --single -D "$PGDATA" postgres >/dev/null
fi
exec postgres -D "$PGDATA" -c listen_addresses='*' -c jit=off
