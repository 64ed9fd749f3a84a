#!/usr/bin/env bash
# Makes the files of a Samba Active Directory domain controller, to be copied by each test that wants a server.
#
#     scripts/lib/samba.sh template DIR REALM DOMAIN PASSWORD
#
# Everything lies below DIR. Nothing of it names a path or an address but DIR/etc/smb.conf, which who copies it writes
# anew. Needs root: a domain controller sets access lists of files and listens on the ports 389 and 636.
#
# Accounts beside Administrator, in CN=Users, all with the same password:
#   sync       an ordinary user
#   dirsync    may read changes of the whole domain, and what was deleted
set -euo pipefail

# Runs a program on the database of the new domain.
on_domain() {
    "$@" --configfile="$dir/etc/smb.conf" -H "$dir/private/sam.ldb" >>"$dir/template.log" 2>&1
}

samba_account() {
    cat <<END
dn: CN=$1,CN=Users,$2
objectClass: user
sAMAccountName: $1
displayName: Service $1
unicodePwd:: $(printf '"%s"' "$3" | iconv -t UTF-16LE | base64 --wrap=0)
userAccountControl: 66048

END
}

samba_template() {
    dir=$1
    local realm=$2 domain=$3 password=$4 base sid get_changes=1131f6aa-9c07-11d1-f79f-00c04fc2dcd2
    base=DC=${realm//./,DC=}
    mkdir -p "$dir"
    if ! samba-tool domain provision --server-role=dc --realm="${realm^^}" --domain="$domain" --adminpass="$password" \
        --host-name=dc1 --host-ip=127.0.0.1 --dns-backend=NONE --targetdir="$dir" >"$dir/template.log" 2>&1; then
        tail -n 10 "$dir/template.log" >&2
        echo "error: samba-tool could not make a domain" >&2
        return 1
    fi
    { samba_account sync "$base" "$password" && samba_account dirsync "$base" "$password"; } >"$dir/accounts.ldif"
    on_domain ldbadd --controls=relax:0 "$dir/accounts.ldif"
    sid=$(ldbsearch --configfile="$dir/etc/smb.conf" -H "$dir/private/sam.ldb" -b "CN=dirsync,CN=Users,$base" -s base \
        objectSid | sed -n 's/^objectSid: //p')
    on_domain samba-tool dsacl set --objectdn="$base" --sddl="(OA;;CR;$get_changes;;$sid)"
    # Who may list what was deleted, beside the system and administrators.
    printf 'dn: CN=Deleted Objects,%s\nchangetype: modify\nreplace: nTSecurityDescriptor\nnTSecurityDescriptor: %s\n' \
        "$base" "O:SYG:SYD:PAI(A;;RPWPCCDCLCRCWOWDSDSW;;;SY)(A;;LCRP;;;BA)(A;;LCRP;;;$sid)" >"$dir/deleted.ldif"
    on_domain ldbmodify --controls=show_deleted:0 "$dir/deleted.ldif"
    rm -f "$dir"/*.ldif
}

case ${1:-help} in
    template) shift && samba_template "$@" ;;
    *) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
