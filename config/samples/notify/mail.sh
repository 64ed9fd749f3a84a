#!/bin/sh
# Mails the report of a night that needs somebody. In the configuration:
#
#     notify: {command: [/etc/rollcall/mail.sh, it-operations@example.org]}
#
# A second argument names another program that takes a mail on its standard input, with its own arguments behind it; without
# it /usr/sbin/sendmail does. Under the shipped systemd units, which forbid programs that change their user or group, a sendmail
# of that kind (Postfix, Exim) cannot hand mail in: let `chat.sh` beside this file speak to something else, or name a program
# that speaks SMTP:
#
#     command: [/etc/rollcall/mail.sh, it-operations@example.org, /usr/bin/msmtp, -t]
#
# Rollcall tells the program in variables what the night was: ROLLCALL_OCCASION (failed, held, unread, findings; parted by
# commas), ROLLCALL_RUN, ROLLCALL_EXIT_STATUS, ROLLCALL_SUMMARY, ROLLCALL_REPORT (the file of the report). The report itself is
# on standard input: plain text, unless `format` says otherwise.
set -eu
to=${1:?name the address to write to}
shift
[ "$#" -gt 0 ] || set -- /usr/sbin/sendmail -t -i

subject="Rollcall: ${ROLLCALL_OCCASION:-told}"
[ -z "${ROLLCALL_RUN:-}" ] || subject="$subject (run $ROLLCALL_RUN)"

{
    printf 'To: %s\n' "$to"
    printf 'Subject: %s\n' "$subject"
    printf 'MIME-Version: 1.0\n'
    printf 'Content-Type: text/plain; charset=utf-8\n'
    printf 'Content-Transfer-Encoding: 8bit\n'
    printf 'Auto-Submitted: auto-generated\n\n'
    cat
} | "$@"
