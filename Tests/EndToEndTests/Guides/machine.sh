#!/bin/sh
# The machine on which a guide is followed: this one, with folders of its own where a guide writes. Needs no root.
#
#     machine.sh make FOLDER                           makes these folders, as on a machine with the package's samples and the source
#     machine.sh run FOLDER USER PLACE COMMAND...      runs a command there; USER is `root`, or `ada`, who is nobody in particular
#
# What a guide calls that would change this machine, or needs another one, is a few lines below `machine/usr/local/sbin`.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)

make() {
    mkdir -p "$1/etc/ssl/certs" "$1/usr/share/doc/rollcall/examples" "$1/usr/local/bin" "$1/var/lib/dpkg" "$1/srv/ada" "$1/srv/source"
    cp -R "$root/Tests/EndToEndTests/Guides/machine/." "$1/"
    # What programs of this machine need to run, and slapd to be configured.
    cp /etc/ld.so.cache "$1/etc/"
    cp -a /etc/alternatives "$1/etc/"
    cp /etc/ssl/openssl.cnf "$1/etc/ssl/"
    mkdir "$1/etc/ldap"
    cp -R /etc/ldap/schema "$1/etc/ldap/"
    cp -R "$root/scripts" "$root/config" "$1/srv/source/"
    cp -R "$root/config/platforms" "$1/usr/share/doc/rollcall/"
    for folder in company adoption notify; do cp -R "$root/config/samples/$folder" "$1/usr/share/doc/rollcall/examples/"; done
}

run() {
    folder=$1 user=$2 place=$3
    shift 3
    # Which packages are installed is asked of the real one.
    mount --bind /var/lib/dpkg "$folder/var/lib/dpkg"
    for name in etc usr/local usr/share/doc var/lib srv; do mount --rbind "$folder/$name" "/$name"; done
    export HOME="/srv/$user" TMPDIR=/srv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    cd "$place"
    if [ "$user" = root ]; then exec "$@"; fi
    exec unshare --map-user=1000 --map-group=1000 "$@"
}

case $1 in
    make) make "$2" ;;
    run) shift && exec unshare --map-root-user --mount "$0" inside "$@" ;;
    inside) shift && run "$@" ;;
esac
