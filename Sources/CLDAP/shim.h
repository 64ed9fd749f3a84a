#include <ldap.h>
#include <lber.h>
#include <sys/time.h>
