# shellcheck shell=bash
# The directories that a fresh system is tried with: OpenLDAP as Debian sets it up, and a Samba domain controller. To be sourced, after
# fresh-system.sh; each function takes the kind, `openldap` or `active-directory`.
#
#   directory_packages KIND DIR          installs the server
#   directory_files KIND DIR ANSWERS     certificates, people, groups; and what the guide's questions are answered with
#   directory_start KIND                 starts the server of the booted system
#   directory_stop KIND
#   directory_disable KIND DIR           disables one person
#
# Twelve people; nine at the support desk, one of them its manager, two administrators (one also at the desk), one disabled.

directory_people="ada ben cem dora eve finn gus hana ivo jana kai lea"
directory_desk="ada ben cem dora eve finn gus hana ivo"

directory_packages() {
    local packages=(slapd ldap-utils)
    [ "$1" = openldap ] || packages=(samba-ad-dc samba-ad-provision samba-dsdb-modules ldb-tools)
    if [ "$1" = openldap ]; then
        system_enter "$2" sh -c 'printf "%s\n" "slapd slapd/domain string example.org" "slapd shared/organization string Example" \
            "slapd slapd/password1 password admin-of-the-trial" "slapd slapd/password2 password admin-of-the-trial" | debconf-set-selections'
    fi
    system_enter "$2" apt-get install --yes --quiet --no-install-recommends "${packages[@]}" >"$2.log" 2>&1 ||
        { tail -n 20 "$2.log" >&2; return 1; }
    # Without a domain yet it would only fail to start; and the services of a plain file server are not wanted.
    [ "$1" = openldap ] || system_enter "$2" systemctl --quiet mask samba-ad-dc smbd nmbd winbind
    echo "installed ${packages[*]}"
}

# An authority, and a certificate of the server.
directory_certificates() (
    cd "$1"
    key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    openssl req -x509 -days 30 "${key[@]}" -subj "/O=Example/CN=Example authority" -keyout ca.key -out ca.crt \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req "${key[@]}" -subj "/O=Example/CN=$2" -keyout server.key -out server.csr
    openssl x509 -req -days 30 -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt \
        -extfile <(printf 'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:%s\n' "$2")
) >/dev/null 2>&1

directory_files() {
    local kind=$1 root=$2 host=ldap1.example.org
    [ "$kind" = openldap ] || host=dc1.ad.example.org
    mkdir -p "$root/srv/directory"
    directory_certificates "$root/srv/directory" "$host"
    cp "$root/srv/directory/ca.crt" "$root/root/company-ca.crt"
    printf '127.0.0.1 localhost\n127.0.1.1 %s %s\n' "$host" "$(cut -d. -f1 <<<"$host")" >"$root/etc/hosts"
    {
        printf 'Enter LDAP Password: => admin-of-the-trial\nNew password: => reader-of-the-trial-1\nRe-enter new password: => reader-of-the-trial-1\n'
        printf 'New Password: => reader-of-the-trial-1\nRetype Password: => reader-of-the-trial-1\n'
        printf 'Password of => reader-of-the-trial-1\n]: => \nType yes, anything else stops: => yes\n'
    } >"$3"
    "directory_files_${kind/-/_}" "$root/srv/directory"
}

directory_files_openldap() {
    local name group
    {
        for name in people groups services; do
            printf 'dn: ou=%s,dc=example,dc=org\nobjectClass: organizationalUnit\nou: %s\n\n' "$name" "$name"
        done
        for name in $directory_people; do
            printf 'dn: uid=%s,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: %s\ncn: %s Example\nsn: Example\n' "$name" "$name" "${name^}"
            printf 'mail: %s@example.org\n' "$name"
            [ "$name" != lea ] || echo 'employeeType: disabled'
            echo
        done
        for group in "support $directory_desk" "desk-support-managers ben" "desk-admins ada jana" "pilot cem"; do
            printf 'dn: cn=%s,ou=groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: %s\n' "${group%% *}" "${group%% *}"
            printf 'member: uid=%s,ou=people,dc=example,dc=org\n' ${group#* }
            echo
        done
    } >"$1/company.ldif"
    cat >"$1/tls.ldif" <<'END'
dn: cn=config
changetype: modify
replace: olcTLSCertificateFile
olcTLSCertificateFile: /srv/directory/server.crt
-
replace: olcTLSCertificateKeyFile
olcTLSCertificateKeyFile: /srv/directory/server.key
END
}

directory_files_active_directory() {
    local name
    {
        echo 'set -eu'
        echo 'rm -f /etc/samba/smb.conf'
        echo 'samba-tool domain provision --server-role=dc --realm=AD.EXAMPLE.ORG --domain=AD --host-name=dc1 --host-ip=127.0.1.1 \'
        echo '    --dns-backend=NONE --adminpass=Admin-of-the-trial-1'
        echo 'sed -i "/\[global\]/a tls keyfile = /srv/directory/server.key\ntls certfile = /srv/directory/server.crt\ntls cafile = /srv/directory/ca.crt" /etc/samba/smb.conf'
        echo 'samba-tool ou create "OU=Service Accounts,DC=ad,DC=example,DC=org"'
        for name in $directory_people; do
            printf 'samba-tool user create %s --random-password --given-name=%s --surname=Example --mail-address=%s@example.org\n' "$name" "${name^}" "$name"
        done
        echo 'samba-tool user disable lea'
        printf 'samba-tool group add %s\n' support desk-support-managers desk-admins pilot
        printf 'samba-tool group addmembers support %s\n' "${directory_desk// /,}"
        echo 'samba-tool group addmembers desk-support-managers ben'
        echo 'samba-tool group addmembers desk-admins ada,jana'
        echo 'samba-tool group addmembers pilot cem'
    } >"$1/provision"
}

directory_start() {
    if [ "$1" = openldap ]; then
        directory_start_openldap
    else
        directory_start_active_directory
    fi
}

directory_start_openldap() {
    if [ ! -e "$system/srv/directory/loaded" ]; then
        inside 'chown openldap /srv/directory/server.key && ldapmodify -Q -Y EXTERNAL -H ldapi:/// -f /srv/directory/tls.ldif >/dev/null
            sed -i "s|^SLAPD_SERVICES=.*|SLAPD_SERVICES=\"ldaps:/// ldapi:///\"|" /etc/default/slapd
            ldapadd -x -H ldapi:/// -D cn=admin,dc=example,dc=org -w admin-of-the-trial -f /srv/directory/company.ldif >/dev/null
            echo "URI ldapi:///" >>/etc/ldap/ldap.conf'
        touch "$system/srv/directory/loaded"
    fi
    inside 'systemctl restart slapd'
    echo "slapd answers: $(inside 'ldapsearch -LLL -x -b ou=people,dc=example,dc=org -s one dn' | grep -c ^dn) people"
}

directory_start_active_directory() {
    if [ ! -e "$system/srv/directory/loaded" ]; then
        inside 'bash /srv/directory/provision' >"$work/provision.log" 2>&1 ||
            { tail -n 20 "$work/provision.log" >&2; return 1; }
        inside 'chmod 0600 /srv/directory/server.key; systemctl --quiet unmask samba-ad-dc'
        touch "$system/srv/directory/loaded"
    fi
    inside 'systemctl restart samba-ad-dc
        for n in $(seq 600); do (: </dev/tcp/127.0.1.1/636) 2>/dev/null && exit 0; sleep 0.2; done; exit 1'
    echo "the domain controller answers: $(inside 'samba-tool user list' | grep -c .) accounts"
}

directory_stop() {
    if [ "$1" = openldap ]; then inside 'systemctl stop slapd'; else inside 'systemctl stop samba-ad-dc'; fi
}

directory_disable() {
    if [ "$1" = openldap ]; then
        printf 'dn: uid=gus,ou=people,dc=example,dc=org\nchangetype: modify\nadd: employeeType\nemployeeType: disabled\n' >"$2/srv/directory/leaver.ldif"
        inside 'ldapmodify -x -D cn=admin,dc=example,dc=org -w admin-of-the-trial -f /srv/directory/leaver.ldif'
    else
        inside 'samba-tool user disable gus'
    fi
}
