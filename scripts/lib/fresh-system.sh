# shellcheck shell=bash
# A bare Debian in a folder, entered or booted. To be sourced, after packages.sh; needs root.
#
#   system_base DIR              makes a bare Debian by debootstrap, if it is not there yet
#   system_copy BASE DIR         a copy of it
#   system_enter DIR COMMAND...  runs a command in it, with the network of this machine
#   system_boot DIR              boots it with its own systemd, without a network; one at a time
#   system_run DIR COMMAND...    runs a command in the booted system, as root, in its /root
#   system_stop                  stops the booted system
#   system_destroy DIR           removes it
#
# Packages come from where this machine's apt has them; no host is named here.

system_booted=
system_init=

# The first source of the release that this machine has, as `address release`.
system_source() {
    local release
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release="$release" '$2 == release && $3 == "main" {print $1, $2; exit}'
}

system_base() {
    local base=$1 address release
    [ ! -e "$base/.done" ] || return 0
    read -r address release <<<"$(system_source)"
    [ -n "$release" ] || { echo "error: apt on this machine has no source of packages" >&2; return 1; }
    rm -rf "$base"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,man-db,groff-base,ca-certificates \
        "$release" "$base" "$address" >"$base.log" 2>&1 || {
        tail -n 5 "$base.log" >&2
        echo "error: debootstrap could not make a bare Debian" >&2
        return 1
    }
    system_sources "$base"
    system_enter "$base" apt-get update --quiet >"$base.log" 2>&1 || { tail -n 5 "$base.log" >&2; return 1; }
    touch "$base/.done"
}

# The same sources as here, without what is switched off.
system_sources() {
    local file
    rm -f "$1/etc/apt/sources.list"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/debian*.sources; do
        [ ! -f "$file" ] || install -D -m 0644 "$file" "$1$file"
    done
    for file in /etc/apt/apt.conf.d/*; do
        if grep -qi 'proxy' "$file"; then install -D -m 0644 "$file" "$1$file"; fi
    done
}

system_copy() {
    system_destroy "$2"
    cp -a --reflink=auto "$1" "$2"
    rm -f "$2/.done"
    printf 'trial\n' >"$2/etc/hostname"
}

system_enter() {
    local root=$1
    shift
    systemd-nspawn --quiet --directory="$root" --as-pid2 --register=no --keep-unit --resolv-conf=copy-host --console=pipe --chdir=/root \
        --setenv=DEBIAN_FRONTEND=noninteractive --setenv=HOME=/root "$@" </dev/null 2> >(grep -v 'remove disk file system' >&2)
}

system_boot() {
    local root=$1 n
    # As on a machine of its own, whatever the weight of this script is.
    nice -n "-$(nice)" systemd-nspawn --quiet --boot --directory="$root" --private-network --register=no --keep-unit \
        --console=pipe --link-journal=no </dev/null >"$root.console" 2>&1 &
    system_booted=$!
    for n in {1..240}; do
        system_init=$(pgrep --parent "$system_booted" || true)
        if [ -n "$system_init" ] && system_run "$root" systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; then
            return 0
        fi
        sleep 0.25
    done
    tail -n 5 "$root.console" >&2
    echo "error: the system did not come up" >&2
    return 1
}

system_run() {
    shift
    nsenter --target "$system_init" --mount --uts --ipc --net --pid --root --wd env -i HOME=/root LANG=C.UTF-8 TERM=dumb \
        DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c 'cd /root && exec "$@"' sh "$@"
}

# Ends with the first process of the system, and so with all of its processes.
system_stop() {
    [ -z "$system_init" ] || kill -KILL "$system_init" 2>/dev/null || true
    [ -z "$system_booted" ] || wait "$system_booted" 2>/dev/null || true
    system_init=
    system_booted=
}

system_destroy() {
    [ -d "${1:-}" ] || return 0
    rm -rf --one-file-system -- "$1"
}
