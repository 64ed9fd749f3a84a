#include <ldap.h>
#include <lber.h>
#include <openldap.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>
#include <sys/time.h>

/* What Swift cannot import of libldap: pointer macros, function-like macros, and the place of an entry's attributes. */

/* The value that turns a boolean option on; off is a null pointer. */
static inline const void *cldap_option_on(void) { return LDAP_OPT_ON; }

enum { CLDAP_TLS_1_2 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2 };

/*
 * The DN of an entry and the BER of its attribute list, both inside the message: they live until ldap_msgfree.
 * The list is only delimited here; whoever walks it has to check every length. Returns an LDAP result code.
 */
static inline int cldap_entry(LDAP *ld, LDAPMessage *entry, struct berval *dn, struct berval *attributes) {
    BerElement *ber = NULL;
    struct berval first = {0, NULL};
    ber_len_t before = 0, after = 0;
    int rc = ldap_get_dn_ber(ld, entry, &ber, dn);
    attributes->bv_len = 0;
    attributes->bv_val = NULL;
    if (rc != LDAP_SUCCESS) return rc;
    ber_get_option(ber, LBER_OPT_BER_REMAINING_BYTES, &before);
    if (before > 0) {
        if (ber_skip_element(ber, &first) == LBER_DEFAULT) {
            rc = LDAP_DECODING_ERROR;
        } else {
            ber_get_option(ber, LBER_OPT_BER_REMAINING_BYTES, &after);
            attributes->bv_val = first.bv_val - (before - after - first.bv_len);
            attributes->bv_len = before;
        }
    }
    ber_free(ber, 0);
    return rc;
}

/* Puts a read-ahead buffer under a connection that has no TLS. Returns 0 on success. */
static inline int cldap_read_ahead(LDAP *ld, ber_len_t size) {
    Sockbuf *socket = NULL;
    if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &socket) != LDAP_OPT_SUCCESS) return -1;
    return ber_sockbuf_add_io(socket, &ber_sockbuf_io_readahead, LBER_SBIOD_LEVEL_PROVIDER, &size);
}

/*
 * Asks the system's name servers, or the one on this port of the loopback address where it is not 0, for the SRV records
 * of a name. The answer is the message as it came. Returns its length, 0 when there are no such records, -1 when nobody
 * answered or answered with a failure.
 */
static inline int cldap_services(const char *name, unsigned short port, unsigned char *answer, int size) {
    struct __res_state state;
    int length, code;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) != 0) return -1;
    if (port != 0) {
        state.nscount = 1;
        memset(&state.nsaddr_list[0], 0, sizeof state.nsaddr_list[0]);
        state.nsaddr_list[0].sin_family = AF_INET;
        state.nsaddr_list[0].sin_port = htons(port);
        state.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    length = res_nquery(&state, name, C_IN, T_SRV, answer, size);
    code = state.res_h_errno;
    res_nclose(&state);
    if (length > size) length = size;
    if (length >= 0) return length;
    return code == HOST_NOT_FOUND || code == NO_DATA ? 0 : -1;
}
