#!/bin/sh
# A receiver of Rollcall's messages that only prints the calls it would make: copy it and put curl where echo is.
#
# Rollcall gives one JSON object a line on standard input (docs/reference/delivery.md) and takes exit code 0 for all of
# them. Leave with another status as soon as a call fails: Rollcall then sends the lines again, one by one, later. A line may
# come twice; its `key` is the same then, so pass it on (many platforms take it as `Idempotency-Key`), or remember it.
#
# What the user has is put in place as a whole, which does no harm when it is there already; what a change took away is
# taken away. A role for the whole target goes to `/roles/all`, one of a workspace to `/roles/support`.
#
# In the configuration:
#     deliver: {command: [/etc/rollcall/print-calls.sh, "https://platform.example.org/api"]}
#
# Needs jq.
set -eu
api=${1:-https://platform.example.org/api}

# The calls for one message, a line each: method, path, fields.
calls='
    def place: if .scope == "" then "all" else .scope end;
    def call($method; $path; $fields): [$method, $path, $fields] | @tsv;
    def has($kind): any(.changes[]; .kind == $kind);
    ("/users/" + .user.id) as $user |
    (.changes[] | select(.kind == "change_id") | call("PATCH"; "/users/" + .before; "id=" + .after)),
    if .user.status == "removed" then call("DELETE"; $user; "")
    elif .user.status == "suspended" then call("POST"; $user + "/suspend"; "")
    else
        ((.changes[] | select(.kind == "invite")) as $invite |
            if $invite.before == "invited" then call("POST"; $user + "/invitation"; "")
            else call("POST"; "/invitations"; "id=" + .user.id + " email=" + .user.email + " name=" + .user.name) end),
        (if has("resume") then call("POST"; $user + "/resume"; "") else empty end),
        (.changes[] | select(.kind == "change_email") | call("PATCH"; $user; "email=" + .after)),
        (.changes[] | select(.kind == "change_name") | call("PATCH"; $user; "name=" + .after)),
        (.changes[] | select(.kind == "leave_scope") | call("DELETE"; $user + "/roles/" + place; "")),
        (.changes[] | select(.kind == "remove_grant") | call("DELETE"; $user + "/grants/" + place; "")),
        (.changes[] | select(.kind == "remove_template") | call("DELETE"; $user + "/templates/" + .before; "")),
        (.changes[] | select(.kind == "switch_off") | call("DELETE"; $user + "/switches/" + .before; "")),
        (.access.roles[] | call("PUT"; $user + "/roles/" + place; "role=" + .role)),
        (.access.grants[] | call("PUT"; $user + "/grants/" + place; "role=" + .role)),
        (.access.templates[] | call("PUT"; $user + "/templates/" + .; "")),
        (.access.switches[] | call("PUT"; $user + "/switches/" + .; "")),
        (if has("change_permissions") or (.access.permissions | length) > 0
            then call("PUT"; $user + "/permissions"; [.access.permissions[] | .area + "=" + (.values | join(","))] | join(" "))
            else empty end)
    end
'

tab=$(printf '\t')
while IFS= read -r line; do
    key=$(printf '%s' "$line" | jq -r .key)
    list=$(printf '%s' "$line" | jq -r "$calls")
    [ -n "$list" ] || continue
    printf '%s\n' "$list" | while IFS=$tab read -r method path fields; do
        echo "$method $api$path  ${fields:+$fields  }(key $key)"
    done
done
