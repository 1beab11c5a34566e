#!/bin/sh
# A backup of the deployment into a new folder named by the moment, and the oldest ones gone. For cron, as a user who may use docker:
#   15 3 * * *  /opt/yike/deploy/backup/nightly.sh /srv/yike-backups 30
# $1: where backups are kept, writable for the container's user (uid 1000); $2: how many are kept, 14 where it is not said.
set -eu
kept=${1:?say where backups are kept}
count=${2:-14}
name=$(date -u +%Y%m%dT%H%M%SZ)
cd "$(dirname "$0")/../.."
docker compose run --rm --no-deps -T -v "$kept:/backup" prepare node api/dist/backup/main.js backup "/backup/$name"
# Only a whole backup, which has a backup.json, lets an old one go.
[ -s "$kept/$name/backup.json" ]
ls -1d "$kept"/*Z | sort -r | tail -n +"$((count + 1))" | while read -r old; do
	rm -rf "$old"
	echo "removed $old"
done
