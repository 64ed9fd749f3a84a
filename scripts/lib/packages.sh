# shellcheck shell=bash
# Installs Debian packages that a script needs, and says which and why. To be sourced.
#
#   need_packages "the throw-away directory server" slapd ldap-utils
#
# One of several that do is written `first|second`: the first is installed where none is there.
#
# Does nothing when all are there. Works as root or through sudo; without either it prints the command to type.
# No service is started by an installation: the packages are wanted for their programs only.

# Prints those of the given packages that are not installed.
packages_missing() {
    local package
    for package in "$@"; do
        # shellcheck disable=SC2086
        dpkg-query --show --showformat='${db:Status-Status}\n' ${package//|/ } 2>/dev/null | grep -qx installed ||
            printf '%s\n' "${package%%|*}"
    done
}

# Keeps services from starting while packages are installed, unless the machine already has a policy of its own.
packages_hold_services() {
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then
        return
    fi
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
    policy_is_ours=yes
}

packages_release_services() {
    if [ "${policy_is_ours:-no}" = yes ]; then
        $as_root rm -f /usr/sbin/policy-rc.d
        policy_is_ours=no
    fi
}

# need_packages REASON PACKAGE...
need_packages() {
    local reason=$1 missing
    shift
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "note: this is no Debian or Ubuntu; make sure these are installed ($reason): $*" >&2
        return 0
    fi
    mapfile -t missing < <(packages_missing "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        as_root=sudo
        if ! command -v sudo >/dev/null; then
            echo "error: these packages are missing ($reason), and installing them needs root or sudo" >&2
            echo "hint: as root, run: apt-get install --no-install-recommends ${missing[*]}" >&2
            return 1
        fi
    fi
    echo "installing ${missing[*]}: $reason"
    packages_install "${missing[@]}"
}

# Downloads and unpacks; asks for fresh package lists only when the ones here do not do.
packages_install() (
    trap packages_release_services EXIT
    trap 'exit 130' INT TERM
    packages_hold_services
    if [[ " $* " == *" slapd "* ]] && command -v debconf-set-selections >/dev/null; then
        echo 'slapd slapd/no_configuration boolean true' | $as_root debconf-set-selections
    fi
    log=$(mktemp)
    # shellcheck disable=SC2206
    get=($as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends)
    if ! "${get[@]}" "$@" >"$log" 2>&1; then
        if ! $as_root apt-get update --quiet >"$log" 2>&1 || ! "${get[@]}" "$@" >"$log" 2>&1; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            echo "error: could not install: $*" >&2
            echo "hint: the lines above are what apt-get said; is there a network, and a package source?" >&2
            exit 1
        fi
    fi
    rm -f "$log"
)
