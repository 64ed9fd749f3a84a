#include <ldap.h>
#include <lber.h>
#include <openldap.h>
#include <arpa/nameser.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

static inline int cldap_refuse(
    LDAP *ld, Sockbuf *socket, LDAPURLDesc *server, struct sockaddr *address, struct ldap_conncb *callback) {
    (void)ld, (void)socket, (void)server, (void)address, (void)callback;
    return -1;
}

static inline void cldap_ignore(LDAP *ld, Sockbuf *socket, struct ldap_conncb *callback) {
    (void)ld, (void)socket, (void)callback;
}

/*
 * Keeps the library from connecting again by itself when the connection it was given is lost: it would go on as anonymous,
 * and without StartTLS.
 */
static inline int cldap_never_reconnect(LDAP *ld) {
    static struct ldap_conncb refusal = {cldap_refuse, cldap_ignore, NULL};
    return ldap_set_option(ld, LDAP_OPT_CONNECT_CB, &refusal);
}

/* Puts a read-ahead buffer under a connection that has no TLS. Returns 0 on success. */
static inline int cldap_read_ahead(LDAP *ld, ber_len_t size) {
    Sockbuf *socket = NULL;
    if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &socket) != LDAP_OPT_SUCCESS) return -1;
    return ber_sockbuf_add_io(socket, &ber_sockbuf_io_readahead, LBER_SBIOD_LEVEL_PROVIDER, &size);
}

static inline ber_slen_t cldap_layer_write(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t size) {
    return LBER_SBIOD_WRITE_NEXT(layer, buffer, size);
}

static inline int cldap_layer_control(Sockbuf_IO_Desc *layer, int option, void *value) {
    return LBER_SBIOD_CTRL_NEXT(layer, option, value);
}

static inline int cldap_layer_setup(Sockbuf_IO_Desc *layer, void *own) {
    layer->sbiod_pvt = own;
    return 0;
}

static inline int cldap_layer_remove(Sockbuf_IO_Desc *layer) {
    free(layer->sbiod_pvt);
    layer->sbiod_pvt = NULL;
    return 0;
}

static inline int cldap_layer_close(Sockbuf_IO_Desc *layer) {
    (void)layer;
    return 0;
}

/* How often in a row nothing may be there: then a read waits, and after as many waits it ends the connection. */
enum { CLDAP_EMPTY_READS = 1000, CLDAP_WAITS = 100, CLDAP_WAIT_MILLISECONDS = 100 };

/*
 * Takes what is there, and says so where nothing is. A handshake that a server begins anew in the middle of a connection is
 * repeated by the library without any waiting, until it ends: of that there is an end here.
 */
static inline ber_slen_t cldap_patient_read(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t size) {
    size_t *empty = (size_t *)layer->sbiod_pvt;
    ber_socket_t socket = -1;
    ber_slen_t got;
    if (ber_sockbuf_ctrl(layer->sbiod_sb, LBER_SB_OPT_GET_FD, &socket) != 1) return -1;
    do got = recv(socket, buffer, size, MSG_DONTWAIT); while (got < 0 && errno == EINTR);
    if (got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
        *empty = 0;
        return got;
    }
    if (++*empty > CLDAP_EMPTY_READS) {
        struct pollfd state = {socket, POLLIN, 0};
        poll(&state, 1, CLDAP_WAIT_MILLISECONDS);
    }
    errno = *empty > CLDAP_EMPTY_READS + CLDAP_WAITS ? ECONNABORTED : EAGAIN;
    return -1;
}

/*
 * Leaves all waiting to ldap_result, which knows when to stop. TLS and SASL read until a record is whole: on a socket that
 * waits, they never come back from a record that never ends. Returns 0 on success.
 */
static inline int cldap_never_wait_in_reads(LDAP *ld) {
    static Sockbuf_IO io = {cldap_layer_setup, cldap_layer_remove, cldap_layer_control,
                            cldap_patient_read, cldap_layer_write, cldap_layer_close};
    Sockbuf *socket = NULL;
    size_t *empty;
    if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &socket) != LDAP_OPT_SUCCESS) return -1;
    empty = (size_t *)calloc(1, sizeof *empty);
    if (empty == NULL) return -1;
    if (ber_sockbuf_add_io(socket, &io, LBER_SBIOD_LEVEL_PROVIDER, empty) == 0) return 0;
    free(empty);
    return -1;
}

/* How many messages of a server had a number that no request has, as far as their heads tell. */
struct cldap_watch {
    /* The head of a message that is not whole yet, and what is left of one whose head is known. */
    unsigned char head[16];
    size_t have, skip;
    /* Messages numbered 0 that are no notices, and those with negative numbers (RFC 4511 section 4.1.1.1). */
    size_t unnumbered;
    /* Whether what came is no LDAP: the library ends the connection then. */
    int is_lost;
};

/* Looks at what is there of a head: `SEQUENCE { messageID INTEGER, the tag of the operation`. */
static inline void cldap_watch_head(struct cldap_watch *watch) {
    const unsigned char *bytes = watch->head;
    size_t at = 2, length, count, place;
    long id;
    if (watch->have < 2) return;
    length = bytes[1];
    if (length & 0x80) {
        count = length & 0x7f;
        watch->is_lost = count == 0 || count > 4;
        if (watch->is_lost || watch->have < 2 + count) return;
        for (length = 0; at < 2 + count; at++) length = length << 8 | bytes[at];
    }
    watch->is_lost = bytes[0] != 0x30 || length < 4;
    if (watch->is_lost || watch->have < at + 2) return;
    count = bytes[at + 1];
    watch->is_lost = bytes[at] != 0x02 || count == 0 || count > 4 || length < count + 3;
    if (watch->is_lost || watch->have < at + count + 3) return;
    id = bytes[at + 2] & 0x80 ? -1 : 0;
    for (place = at + 2; place < at + 2 + count; place++) id = id * 256 + bytes[place];
    if (id < 0 || (id == 0 && bytes[at + 2 + count] != 0x78)) watch->unnumbered++;
    watch->skip = length - count - 3;
    watch->have = 0;
}

static inline ber_slen_t cldap_watch_read(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t size) {
    struct cldap_watch *watch = (struct cldap_watch *)layer->sbiod_pvt;
    const unsigned char *bytes = (const unsigned char *)buffer;
    ber_slen_t got = LBER_SBIOD_READ_NEXT(layer, buffer, size);
    size_t left = got > 0 ? (size_t)got : 0, passed;
    while (left > 0 && !watch->is_lost) {
        passed = watch->skip < left ? watch->skip : left;
        watch->skip -= passed;
        bytes += passed;
        left -= passed;
        if (left == 0) break;
        watch->head[watch->have++] = *bytes++;
        left--;
        cldap_watch_head(watch);
    }
    return got;
}

/*
 * Counts messages that the library would throw away without a word. The counts live as long as the connection. Returns NULL
 * when it cannot be done.
 */
static inline const struct cldap_watch *cldap_watch_numbers(LDAP *ld) {
    static Sockbuf_IO io = {
        cldap_layer_setup, cldap_layer_remove, cldap_layer_control, cldap_watch_read, cldap_layer_write, cldap_layer_close};
    Sockbuf *socket = NULL;
    struct cldap_watch *watch;
    if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &socket) != LDAP_OPT_SUCCESS) return NULL;
    watch = (struct cldap_watch *)calloc(1, sizeof *watch);
    if (watch == NULL) return NULL;
    /* Above TLS, and above what SASL may add. */
    if (ber_sockbuf_add_io(socket, &io, LBER_SBIOD_LEVEL_APPLICATION + 1, watch) == 0) return watch;
    free(watch);
    return NULL;
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

/* `sasl_interact_t` of Cyrus SASL, whose header need not be installed. */
struct cldap_question {
    unsigned long id;
    const char *challenge, *prompt, *defresult;
    const void *result;
    unsigned len;
};

/* Answers what a mechanism asks with its own defaults: Kerberos needs no more. */
static inline int cldap_answer(LDAP *ld, unsigned flags, void *defaults, void *questions) {
    struct cldap_question *question;
    (void)ld, (void)flags, (void)defaults;
    for (question = (struct cldap_question *)questions; question->id != 0; question++) {
        question->result = question->defresult != NULL ? question->defresult : "";
        question->len = (unsigned)strlen((const char *)question->result);
    }
    return LDAP_SUCCESS;
}

/*
 * Binds by Kerberos with the tickets of a cache, which is set for the calling thread alone. The library is the one that the GSSAPI
 * mechanism has loaded or will load; it is looked for at run time, so that only those who use Kerberos need it.
 */
static inline int cldap_kerberos_bind(LDAP *ld, const char *cache) {
    unsigned (*set_cache)(unsigned *, const char *, const char **), minor;
    void *library = dlopen("libgssapi_krb5.so.2", RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL || (*(void **)&set_cache = dlsym(library, "gss_krb5_ccache_name")) == NULL) {
        return LDAP_AUTH_UNKNOWN;
    }
    if (set_cache(&minor, cache, NULL) != 0) return LDAP_NO_MEMORY;
    return ldap_sasl_interactive_bind_s(ld, NULL, "GSSAPI", NULL, NULL, LDAP_SASL_QUIET, cldap_answer, NULL);
}

/* Destroys a cache of tickets in memory. */
static inline void cldap_kerberos_forget(const char *cache) {
    typedef struct cldap_krb5 *handle;
    int (*start)(handle *), (*find_cache)(handle, const char *, handle *), (*destroy)(handle, handle);
    void (*end)(handle);
    handle context = NULL, tickets = NULL;
    void *library = dlopen("libkrb5.so.3", RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) return;
    if ((*(void **)&start = dlsym(library, "krb5_init_context")) == NULL) return;
    if ((*(void **)&find_cache = dlsym(library, "krb5_cc_resolve")) == NULL) return;
    if ((*(void **)&destroy = dlsym(library, "krb5_cc_destroy")) == NULL) return;
    if ((*(void **)&end = dlsym(library, "krb5_free_context")) == NULL) return;
    if (start(&context) != 0) return;
    if (find_cache(context, cache, &tickets) == 0) destroy(context, tickets);
    end(context);
}

/*
 * Gets a ticket for a principal by its key in a keytab, and puts it into a cache.
 * Returns 0, -1 without the library, or Kerberos's code with its words in `reason`.
 */
static inline int cldap_kerberos_ticket(
    const char *keytab, const char *principal, const char *cache, char *reason, size_t size) {
    typedef struct cldap_krb5 *handle;
    int (*start)(handle *), (*parse)(handle, const char *, handle *), (*find_keys)(handle, const char *, handle *);
    int (*get)(handle, void *, handle, handle, int, const char *, void *);
    int (*find_cache)(handle, const char *, handle *), (*clear)(handle, handle, handle), (*store)(handle, handle, void *);
    int (*close_keys)(handle, handle), (*close_cache)(handle, handle);
    void (*drop)(handle, void *), (*drop_name)(handle, handle), (*end)(handle), (*drop_text)(handle, const char *);
    const char *(*words)(handle, int), *text;
    handle context = NULL, client = NULL, keys = NULL, tickets = NULL;
    /* `krb5_creds` is 136 bytes on 64-bit machines. */
    union { char bytes[1024]; long long aligned; void *pointer; } credentials;
    void *library = dlopen("libkrb5.so.3", RTLD_NOW | RTLD_GLOBAL);
    int code;
    if (library == NULL) return -1;
#define CLDAP_FIND(name, symbol) if ((*(void **)&name = dlsym(library, symbol)) == NULL) return -1
    CLDAP_FIND(start, "krb5_init_context");
    CLDAP_FIND(parse, "krb5_parse_name");
    CLDAP_FIND(find_keys, "krb5_kt_resolve");
    CLDAP_FIND(get, "krb5_get_init_creds_keytab");
    CLDAP_FIND(find_cache, "krb5_cc_resolve");
    CLDAP_FIND(clear, "krb5_cc_initialize");
    CLDAP_FIND(store, "krb5_cc_store_cred");
    CLDAP_FIND(close_keys, "krb5_kt_close");
    CLDAP_FIND(close_cache, "krb5_cc_close");
    CLDAP_FIND(drop, "krb5_free_cred_contents");
    CLDAP_FIND(drop_name, "krb5_free_principal");
    CLDAP_FIND(end, "krb5_free_context");
    CLDAP_FIND(words, "krb5_get_error_message");
    CLDAP_FIND(drop_text, "krb5_free_error_message");
#undef CLDAP_FIND
    memset(&credentials, 0, sizeof credentials);
    code = start(&context);
    if (code != 0) {
        snprintf(reason, size, "the Kerberos settings of this machine cannot be read");
        return code;
    }
    code = parse(context, principal, &client);
    if (code == 0) code = find_keys(context, keytab, &keys);
    if (code == 0) code = get(context, &credentials, client, keys, 0, NULL, NULL);
    if (code == 0) code = find_cache(context, cache, &tickets);
    if (code == 0) code = clear(context, tickets, client);
    if (code == 0) code = store(context, tickets, &credentials);
    if (code != 0) {
        text = words(context, code);
        snprintf(reason, size, "%s", text);
        drop_text(context, text);
    }
    drop(context, &credentials);
    if (tickets != NULL) close_cache(context, tickets);
    if (keys != NULL) close_keys(context, keys);
    if (client != NULL) drop_name(context, client);
    end(context);
    return code;
}
