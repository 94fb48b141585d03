// Tells the service manager how we are: systemd's sd_notify(3) protocol, one datagram to the socket
// that NOTIFY_SOCKET names. Without it, nothing is sent.
#pragma once

#include <stdbool.h>

struct supervisor {
    int fd;            // -1: nobody wants to know
    bool has_watchdog; // it ends us if it hears nothing for WATCHDOG_USEC
};

#define SUPERVISOR_NONE                                                                            \
    {                                                                                              \
        .fd = -1                                                                                   \
    }

// Connects, once, before the process confines itself. What cannot be reached is not told.
void supervisor_open(struct supervisor *out);

// "READY=1", "STOPPING=1", "STATUS=…", or several, a line each. Never waits.
void supervisor_tell(const struct supervisor *supervisor, const char *lines);

// That we still look after what is live; to be called at least every few seconds.
void supervisor_tell_alive(const struct supervisor *supervisor);

void supervisor_close(struct supervisor *supervisor);
