#!/usr/bin/env bash
# A throw-away OpenLDAP server on loopback, run by whoever calls, everything below one directory.
#
# Sourced, each function takes the server's directory first:
#
#   slapd_create DIR SUFFIX     keys, certificates, passwords, configuration, service accounts
#   slapd_load DIR FILE...      loads LDIF offline; the first file must bring the suffix entry
#   slapd_start DIR             starts it and returns when it answers; on the ports it had before, if any
#   slapd_url DIR ldap|ldaps|ldapi
#   slapd_modify DIR [FILE]     applies change records as the owner of the database
#   slapd_delete_below DIR DN   deletes an entry and all below it
#   slapd_hide DIR [DN]         hides a subtree from every reader, or shows everything again; restarts the server
#   slapd_stop DIR              stops it; the data stays
#   slapd_destroy DIR           stops it and removes the directory
#
# Run as a command (`scripts/lib/slapd.sh start DIR`), `start` leaves the server running; sourced, the server dies with
# the shell that started it, however that ends. Do not call slapd_start in a subshell.
#
# In DIR: bind.password; other.password, a wrong one; tls/ca.crt; tls/other-ca.crt, which signed nothing here;
# tls/client.crt and .key (mapped to the service account); server.log.
#
# Accounts below ou=services,SUFFIX, all with the same password:
#   cn=rollcall      reads everything, no limits
#   cn=limited       at most SLAPD_LIMIT entries, paged or not
#   cn=paged-only    at most SLAPD_LIMIT entries at once, everything in pages of half of that
#   cn=no-paging     at most SLAPD_LIMIT entries, paging refused
#   cn=half-blind    does not see entries that match SLAPD_HIDDEN
# Whoever runs the server owns the database through ldapi:// and SASL EXTERNAL.
#
# Settings: SLAPD_LIMIT (100), SLAPD_HIDDEN ((employeeType=contractor)), SLAPD_MAXSIZE (bytes, 1 GiB),
# SLAPD_THREADS (4), SLAPD_SAN (what the certificate is for), SLAPD_EXTRA (more lines for the database),
# SLAPD_DEBUG (what it logs: none, stats, ...).

slapd_say() {
    printf 'error: %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf 'hint: %s\n' "$2" >&2
    return 1
}

# The program; a copy where AppArmor binds the packaged one to the packaged paths.
slapd_program() {
    local dir=$1 found
    found=$(PATH="$PATH:/usr/sbin:/usr/lib/openldap" command -v slapd) ||
        { slapd_say "slapd is not installed" "apt-get install slapd ldap-utils"; return 1; }
    if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] && [ -e /etc/apparmor.d/usr.sbin.slapd ]; then
        [ -x "$dir/bin/slapd" ] || { mkdir -p "$dir/bin" && cp "$found" "$dir/bin/slapd"; }
        found=$dir/bin/slapd
    fi
    printf '%s\n' "$found"
}

# A private authority, a server certificate, one for the service account, and an authority that signed nothing.
slapd_certificates() (
    set -e
    mkdir -p "$1/tls"
    cd "$1/tls"
    key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    for name in ca other-ca; do
        openssl req -x509 -days 30 "${key[@]}" -subj "/O=Throw-away/CN=Throw-away $name" \
            -keyout "$name.key" -out "$name.crt" \
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    done
    sign() {
        openssl req "${key[@]}" -subj "$2" -keyout "$1.key" -out "$1.csr"
        openssl x509 -req -days 30 -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -out "$1.crt" \
            -extfile <(printf '%s\n' "$3")
        rm "$1.csr"
    }
    names=${SLAPD_SAN:-IP:127.0.0.1,DNS:localhost,DNS:$(hostname)}
    sign server "/O=Throw-away/CN=server" $'extendedKeyUsage=serverAuth\nsubjectAltName='"$names"
    sign client "/O=Throw-away/CN=rollcall" 'extendedKeyUsage=clientAuth'
) >"$1/openssl.log" 2>&1

slapd_configuration() {
    local dir=$1 suffix=$2 schema=/etc/ldap/schema limit=${SLAPD_LIMIT:-100} services
    services="ou=services,$suffix"
    [ -d "$schema" ] || schema=/etc/openldap/schema
    cat <<CONF
include $schema/core.schema
include $schema/cosine.schema
include $schema/inetorgperson.schema
include $schema/nis.schema
modulepath /usr/lib/ldap:/usr/lib64/openldap:/usr/lib/openldap
moduleload back_mdb
moduleload ppolicy
moduleload syncprov
pidfile $dir/run/slapd.pid
argsfile $dir/run/slapd.args
loglevel none
threads ${SLAPD_THREADS:-4}
TLSCACertificateFile $dir/tls/ca.crt
TLSCertificateFile $dir/tls/server.crt
TLSCertificateKeyFile $dir/tls/server.key
TLSVerifyClient try
authz-regexp "^gidNumber=[0-9]+[+]uidNumber=$(id -u),cn=peercred,cn=external,cn=auth\$" "cn=owner,$suffix"
authz-regexp "^cn=rollcall,o=throw-away\$" "cn=rollcall,$services"
database mdb
suffix "$suffix"
rootdn "cn=owner,$suffix"
directory $dir/db
maxsize ${SLAPD_MAXSIZE:-1073741824}
dbnosync
index objectClass,uid,cn,mail,member,uniqueMember,memberUid,entryUUID,entryCSN eq
limits dn.exact="cn=rollcall,$services" size=unlimited time=unlimited
limits dn.exact="cn=half-blind,$services" size=unlimited time=unlimited
limits dn.exact="cn=limited,$services" size=$limit
limits dn.exact="cn=paged-only,$services" size.soft=$limit size.hard=$limit size.pr=$((limit / 2)) size.prtotal=unlimited
limits dn.exact="cn=no-paging,$services" size.soft=$limit size.hard=$limit size.prtotal=disabled
access to attrs=userPassword by anonymous auth by * none
access to filter="${SLAPD_HIDDEN:-(employeeType=contractor)}" by dn.exact="cn=half-blind,$services" none by * break
access to * by users read by * none
${SLAPD_EXTRA:-}
overlay syncprov
syncprov-sessionlog 10000
overlay ppolicy
ppolicy_default "cn=default,ou=policies,$suffix"
CONF
}

slapd_service_accounts() {
    local suffix=$1 password=$2 name
    printf 'dn: ou=services,%s\nobjectClass: organizationalUnit\nou: services\n\n' "$suffix"
    for name in rollcall limited paged-only no-paging half-blind; do
        printf 'dn: cn=%s,ou=services,%s\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n' \
            "$name" "$suffix"
        printf 'cn: %s\nuserPassword: %s\n\n' "$name" "$password"
    done
}

slapd_create() {
    local dir=$1 suffix=$2 password
    # The path of a Unix socket may have 108 bytes.
    if [ $((${#dir} + 10)) -gt 107 ]; then
        slapd_say "the directory name $dir is too long for a socket below it" "choose a shorter TMPDIR"
        return 1
    fi
    (umask 077 && mkdir -p "$dir/db" "$dir/run") || return 1
    slapd_program "$dir" >/dev/null || return 1
    slapd_certificates "$dir" ||
        { tail -n 5 "$dir/openssl.log" >&2; slapd_say "openssl could not make the certificates"; return 1; }
    password=$(openssl rand -hex 16) || return 1
    (
        umask 077
        printf '%s' "$password" >"$dir/bind.password"
        printf 'not-%s' "$password" >"$dir/other.password"
        printf '%s' "$suffix" >"$dir/suffix"
        slapd_configuration "$dir" "$suffix" >"$dir/slapd.conf"
        slapd_service_accounts "$suffix" "$password" >"$dir/services.ldif"
    )
}

# Offline. The service accounts follow the first file.
slapd_load() {
    local dir=$1 program file
    shift
    program=$(slapd_program "$dir") || return 1
    if slapd_running "$dir"; then
        slapd_say "the server in $dir is running" "stop it before loading a file"
        return 1
    fi
    for file in "$@"; do
        slapd_add "$dir" "$program" "$file" || return 1
        if [ ! -e "$dir/loaded" ]; then
            slapd_add "$dir" "$program" "$dir/services.ldif" || return 1
            touch "$dir/loaded"
        fi
    done
}

slapd_add() {
    local dir=$1 program=$2 file=$3
    if ! "$program" -T add -q -f "$dir/slapd.conf" -b "$(cat "$dir/suffix")" -l "$file" >"$dir/load.log" 2>&1; then
        tail -n 5 "$dir/load.log" >&2
        slapd_say "slapadd did not take $file" "the lines above are what it said; $dir/load.log has all of it"
        return 1
    fi
}

slapd_socket_url() {
    printf 'ldapi://%s' "${1//\//%2F}%2Frun%2Fldapi"
}

slapd_url() {
    case $2 in
        ldapi) slapd_socket_url "$1" ;;
        ldap) printf 'ldap://127.0.0.1:%s' "$(sed -n 1p "$1/run/ports")" ;;
        ldaps) printf 'ldaps://127.0.0.1:%s' "$(sed -n 2p "$1/run/ports")" ;;
        *) slapd_say "no such kind of address: $2" "ldap, ldaps or ldapi" ;;
    esac
}

slapd_running() {
    local pid
    pid=$(cat "$1/run/pid" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

# A port of 127.0.0.1 below the range the kernel hands out, where nobody answers just now.
slapd_free_port() {
    local port
    for _ in {1..200}; do
        port=$((20000 + RANDOM % 12000))
        if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
    slapd_say "found no free port on 127.0.0.1 between 20000 and 32000"
}

# Starts the server. Another process may take the port in between, so this tries a few.
slapd_start() {
    local dir=$1 program
    program=$(slapd_program "$dir") || return 1
    for _ in 1 2 3 4 5; do
        [ -s "$dir/run/ports" ] || { slapd_free_port && slapd_free_port; } >"$dir/run/ports" || return 1
        slapd_launch "$dir" "$program"
        if slapd_wait "$dir"; then
            return 0
        fi
        grep -q 'Address already in use\|errno=98' "$dir/server.log" || break
        rm -f "$dir/run/ports"
    done
    tail -n 10 "$dir/server.log" >&2
    slapd_say "slapd did not start" "the lines above are what it said; its configuration is $dir/slapd.conf"
}

slapd_launch() {
    local dir=$1 program=$2 listen tie=()
    listen="$(slapd_url "$dir" ldap)/ $(slapd_url "$dir" ldaps)/ $(slapd_socket_url "$dir")/"
    if [ -z "${SLAPD_OUTLIVES:-}" ] && setpriv --help 2>/dev/null | grep -q -- --pdeathsig; then
        tie=(setpriv --pdeathsig TERM)
    fi
    # A session of its own: Ctrl-C on the terminal reaches the script, which then stops the server in order.
    # -d keeps it in the foreground, with errors, or what SLAPD_DEBUG asks for, on stderr.
    setsid "${tie[@]}" "$program" -f "$dir/slapd.conf" -h "$listen" -d "${SLAPD_DEBUG:-none}" >"$dir/server.log" 2>&1 </dev/null &
    printf '%s\n' $! >"$dir/run/pid"
    disown
}

# Asks over the server's own socket: another server on the same port would answer there in its place.
slapd_wait() {
    local dir=$1
    for _ in {1..500}; do
        slapd_running "$dir" || return 1
        if ldapwhoami -Q -Y EXTERNAL -H "$(slapd_socket_url "$dir")" >/dev/null 2>&1; then
            return 0
        fi
        sleep 0.02
    done
    slapd_stop "$dir"
    return 1
}

# With the relax control, so that new entries may bring their entryUUID.
slapd_modify() {
    local dir=$1
    ldapmodify -e relax -Q -Y EXTERNAL -H "$(slapd_socket_url "$dir")" ${2:+-f "$2"} >"$dir/modify.log" 2>&1 || {
        tail -n 5 "$dir/modify.log" >&2
        slapd_say "the server did not take the changes${2:+ of $2}"
    }
}

slapd_delete_below() {
    ldapdelete -r -Q -Y EXTERNAL -H "$(slapd_socket_url "$1")" "$2"
}

# Hides an entry and all below it from every reader, as a slip in an access list does; without DN shows everything again.
slapd_hide() {
    local dir=$1 was_running=no
    if slapd_running "$dir"; then
        was_running=yes
        slapd_stop "$dir"
    fi
    sed -i '/^access to dn.subtree=/d' "$dir/slapd.conf"
    if [ -n "${2:-}" ]; then
        sed -i "s/^access to \* by users read by \* none\$/access to dn.subtree=\"$2\" by * none\n&/" "$dir/slapd.conf"
    fi
    if [ "$was_running" = yes ]; then
        slapd_start "$dir"
    fi
}

slapd_stop() {
    local dir=$1 pid
    pid=$(cat "$dir/run/pid" 2>/dev/null) || return 0
    [ -n "$pid" ] || return 0
    kill -INT "$pid" 2>/dev/null || true
    for _ in {1..1000}; do
        if ! kill -0 "$pid" 2>/dev/null; then
            rm -f "$dir/run/pid"
            return 0
        fi
        sleep 0.02
    done
    kill -KILL "$pid" 2>/dev/null || true
    rm -f "$dir/run/pid"
}

slapd_destroy() {
    [ -n "${1:-}" ] && [ -e "$1/slapd.conf" ] || return 0
    slapd_stop "$1"
    rm -rf -- "$1"
}

# Run as a command rather than sourced.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    command=${1:-help}
    case $command in
        create | load | start | url | modify | delete_below | hide | stop | destroy)
            shift
            [ $# -ge 1 ] || { slapd_say "which directory?" "scripts/lib/slapd.sh $command DIR …"; exit 64; }
            SLAPD_OUTLIVES=yes
            "slapd_$command" "$@"
            ;;
        *)
            sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
            [ "$command" = help ] || exit 64
            ;;
    esac
fi
