#!/bin/sh
# A receiver of Rollcall's messages that only prints the calls it would make: copy it and put curl where echo is.
#
# Rollcall gives one JSON object a line on standard input (docs/reference/delivery.md) and takes exit status 0 for all of
# them. Leave with another status as soon as a call fails: Rollcall then sends the lines again, one by one, later. A line may
# come twice; its `key` is the same then, so pass it on (many platforms take it as `Idempotency-Key`), or remember it.
#
# In the configuration:
#     deliver: {command: [/etc/rollcall/print-calls.sh, "https://platform.example.org/api"]}
#
# Needs jq.
set -eu
api=${1:-https://platform.example.org/api}

while IFS= read -r line; do
    field() { printf '%s' "$line" | jq -r "$1"; }
    key=$(field .key)
    user=$api/users/$(field .user.id)
    case $(field .user.status) in
        suspended) echo "POST $user/suspend  (key $key)"; continue ;;
        removed) echo "DELETE $user  (key $key)"; continue ;;
    esac
    if [ "$(field '[.changes[].kind] | any(. == "invite")')" = true ]; then
        echo "POST $api/invitations  email=$(field .user.email)  (key $key)"
    fi
    field '.access.roles[] | "\(.scope) \(.role)"' | while read -r scope role; do
        echo "PUT $user/roles/${scope:-all}  role=$role  (key $key)"
    done
    field '.changes[] | select(.kind == "leave_scope") | .scope' | while read -r scope; do
        echo "DELETE $user/roles/${scope:-all}  (key $key)"
    done
done
