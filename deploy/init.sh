#!/bin/sh
# Once, before the first `docker compose up`, beside docker-compose.yml, as root:
#   deploy/init.sh ita.example.go.th
# Makes what the services read and nobody else may: passwords, a certificate for that name (a self-signed
# one, to be replaced by your house's own), and the folders of the landing zone and of the back-ups. What is there stays.
set -eu
host=${1:?the name under which people will reach this server}
umask 022

# Nobody but root may enter the folder; a service sees only the files that it is given, and may read
# them whatever its user: hence 0444.
install -d -m 0700 secrets
for name in postgres_password redis_password; do
  [ -s "secrets/$name" ] || head -c 48 /dev/urandom | base64 | tr -d '\n/+=' > "secrets/$name"
done
[ -e secrets/web_users ] || echo '# name and bcrypt hash a line: docs/operations/install.md' > secrets/web_users
if [ ! -s secrets/tls_key ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -sha256 \
    -subj "/CN=$host" -addext "subjectAltName=DNS:$host,DNS:localhost,IP:127.0.0.1" \
    -keyout secrets/tls_key -out secrets/tls_certificate
fi
chmod 0444 secrets/*

# The image's user is 50000 (Dockerfile); senders get the right to write in their own folder only.
[ "$(id -u)" != 0 ] || owner="-o 50000 -g 50000"
install -d -m 0755 ${owner:-} landing
# back-ups hold passwords
install -d -m 0700 ${owner:-} backups
[ -e .env ] || printf 'ITA_HOST=%s\n' "$host" > .env
echo "ready: docker compose build --build-arg ITA_REVISION=\$(git rev-parse HEAD) && docker compose up -d"
