#!/bin/sh
# Posts to a chat that a night needs somebody: what happened, and where the report is. In the configuration:
#
#     notify: {command: [/etc/rollcall/chat.sh, "https://chat.example.org/hooks/rollcall"]}
#
# It posts {"text": "…"}, which Mattermost, Slack, Rocket.Chat and others take. A second argument names another program, which
# gets the JSON on its standard input. Names of people stay on this machine: of the report only the title and the lines about
# targets are posted, up to the first empty line after them.
#
# Needs jq and curl.
set -eu
url=${1:?name the address of the web hook}
program=${2:-}

head=$(awk 'NR > 2 && /^$/ { exit } { print }')
text=$(printf '%s\n%s\nreport: %s\n' "$head" "exit code: ${ROLLCALL_EXIT_STATUS:-}" "${ROLLCALL_REPORT:-none}")
json=$(jq -n --arg text "$text" '{text: $text}')
if [ -n "$program" ]; then
    printf '%s\n' "$json" | "$program"
else
    printf '%s\n' "$json" | curl --fail --silent --show-error --max-time 30 --header 'Content-Type: application/json' --data-binary @- "$url"
fi
