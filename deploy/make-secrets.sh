#!/bin/sh
# Makes the secrets of a deployment: 48 random hexadecimal digits each, in deploy/secrets (or the folder that is named).
# What is there already stays as it is. Only this user may enter the folder; the files themselves are read by the containers' users.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
for name in app_secret personal_data_keys personal_data_index_key media_node_secret database_owner_password database_app_password redis_password \
	s3_access_key s3_secret_key grafana_password turn_secret sms_gateway_secret; do
	[ -s "$folder/$name" ] || {
		head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$folder/$name"
		echo "made $folder/$name"
	}
	chmod 444 "$folder/$name"
done
