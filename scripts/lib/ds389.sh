#!/usr/bin/env bash
# Makes the files of a 389 Directory Server that was never started, to be copied by each test that wants a server.
#
#     scripts/lib/ds389.sh template DIR SUFFIX ADMINISTRATOR PASSWORD
#
# Everything lies below DIR, and whoever calls owns it. The instance is called `template` and names the ports 20389 and
# 20636; who copies it changes these, the paths and the instance's name in dse.ldif. The database is empty.
#
# lib389 takes every path from the file share/dirsrv/inf/defaults.inf below $PREFIX: one of our own keeps it from the
# packaged folders and from systemd.
set -euo pipefail

ds389_defaults() {
    sed -E \
        -e "s#= /dev/shm#= $1/shm#" -e "s#= (/etc|/var|/run)#= $1\1#" \
        -e "s#^inst_dir *=.*#inst_dir = $1/inst#" \
        -e 's#^with_systemd *=.*#with_systemd = 0#' \
        -e "s#^(user|group) *=.*#\1 = $(id -un)#" \
        /usr/share/dirsrv/inf/defaults.inf
}

ds389_answers() {
    cat <<END
[general]
config_version = 2
full_machine_name = localhost
strict_host_checking = False
selinux = False
systemd = False
start = False

[slapd]
instance_name = template
user = $(id -un)
group = $(id -gn)
port = 20389
secure_port = 20636
root_dn = $2
root_password = $3
self_sign_cert = False

[backend-userroot]
suffix = $1
create_suffix_entry = False
END
}

ds389_template() {
    local dir=$1 suffix=$2 administrator=$3 password=$4 pid
    mkdir -p "$dir"/{share/dirsrv/inf,etc/dirsrv,etc/default,etc/tmpfiles.d,run/dirsrv,run/lock/dirsrv,shm,inst}
    mkdir -p "$dir"/var/{lib,log}/dirsrv
    cp -r /usr/share/dirsrv/inf/. "$dir/share/dirsrv/inf/"
    cp -r /etc/dirsrv/config /etc/dirsrv/schema "$dir/etc/dirsrv/"
    ds389_defaults "$dir" >"$dir/share/dirsrv/inf/defaults.inf"
    ds389_answers "$suffix" "$administrator" "$password" >"$dir/answers.inf"
    if ! PREFIX=$dir dscreate from-file "$dir/answers.inf" >"$dir/dscreate.log" 2>&1; then
        tail -n 10 "$dir/dscreate.log" >&2
        echo "error: dscreate could not make a 389 Directory Server" >&2
        return 1
    fi
    # dscreate starts the server to fill in its settings, and leaves it running.
    if pid=$(cat "$dir/run/dirsrv/slapd-template.pid" 2>/dev/null); then
        kill -TERM "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    fi
    # Shared regions of a size that fits the machine, made anew at the start of a copy.
    rm -f "$dir"/var/lib/dirsrv/slapd-template/db/__db.* /dev/shm/sem.slapd-template.stats
    mv "$dir/etc/dirsrv/slapd-template/dse.ldif" "$dir/dse.ldif"
    rm -f "$dir"/etc/dirsrv/slapd-template/dse.ldif*
}

case ${1:-help} in
    template) shift && ds389_template "$@" ;;
    *) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
