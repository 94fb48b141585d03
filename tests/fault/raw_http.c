// Sends requests byte for byte as a corpus writes them, and holds what comes back to what it says:
// which status, and whether the connection is still listened to afterwards. Each case is sent
// whole, byte by byte, cut in two at every byte, and behind a sound request in the same packet.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CASE_BYTES 65536
#define MAX_ANSWER_BYTES 65536
#define MAX_ANSWERS 8
#define MAX_CUTS 400 // longer cases are limits, which are counted elsewhere
#define TIMEOUT_SECONDS 20

static const char good[] = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
static const char last[] = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

struct text {
    char bytes[MAX_CASE_BYTES];
    size_t length;
};

struct sample {
    const char *line;
    int status;
    bool stays_open;
    struct text text;
};

static void append(struct text *text, const char *bytes, size_t length)
{
    if (text->length + length > sizeof(text->bytes)) {
        fprintf(stderr, "raw_http: a case is too long\n");
        exit(2);
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

// What "\r", "\x7f" and the like stand for; answers where it goes on.
static const char *take_escape(struct text *text, const char *at)
{
    static const char letters[] = "rnt0\\{";
    static const char meant[] = "\r\n\t\0\\{";
    const char *found = strchr(letters, *at);
    if (*at && found) {
        append(text, &meant[found - letters], 1);
        return at + 1;
    }
    char digits[3] = { at[0] ? at[1] : '\0', at[0] && at[1] ? at[2] : '\0', '\0' };
    char byte = (char)strtol(digits, NULL, 16);
    append(text, &byte, 1);
    return at + 3;
}

// "{G}": request line and Host; "{K}": our key; "{piece*count}": a piece many times.
static const char *take_brace(struct text *text, const char *at, const char *key)
{
    static const char request[] = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
    if (at[0] == 'K' && at[1] == '}') {
        append(text, key, strlen(key));
        return at + 2;
    }
    const char *end = strchr(at, '}');
    const char *star = strchr(at, '*');
    if (!end) {
        fprintf(stderr, "raw_http: '{' without '}'\n");
        exit(2);
    }
    if (!star || star > end) {
        append(text, request, sizeof(request) - 1);
        return end + 1;
    }
    struct text piece = { .length = 0 };
    while (at < star) {
        if (*at == '\\')
            at = take_escape(&piece, at + 1);
        else
            append(&piece, at++, 1);
    }
    for (long count = strtol(star + 1, NULL, 10); count > 0; count--)
        append(text, piece.bytes, piece.length);
    return end + 1;
}

static void read_sample(struct sample *sample, const char *line, const char *key)
{
    char word[8];
    int taken = 0;
    *sample = (struct sample) { .line = line };
    if (sscanf(line, "%d %7s %n", &sample->status, word, &taken) != 2 || taken == 0) {
        fprintf(stderr, "raw_http: no case: %s\n", line);
        exit(2);
    }
    sample->stays_open = strcmp(word, "open") == 0;
    for (const char *at = line + taken; *at;) {
        if (*at == '\\')
            at = take_escape(&sample->text, at + 1);
        else if (*at == '{')
            at = take_brace(&sample->text, at + 1, key);
        else
            append(&sample->text, at++, 1);
    }
}

static int connect_to(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    const struct timeval timeout = { .tv_sec = TIMEOUT_SECONDS };
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        perror("raw_http: connect");
        exit(2);
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    return fd;
}

// A server that has refused need not take the rest.
static void send_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        length -= (size_t)sent;
    }
}

// The statuses of the answers but 100, up to the end of the connection; -1 for one that cannot be
// read, or does not come.
static size_t read_answers(int fd, bool first_is_head, size_t head_at, int statuses[MAX_ANSWERS])
{
    static char bytes[MAX_ANSWER_BYTES + 1];
    size_t length = 0;
    size_t count = 0;
    ssize_t got;
    while (length < MAX_ANSWER_BYTES &&
           (got = recv(fd, bytes + length, MAX_ANSWER_BYTES - length, 0)) > 0)
        length += (size_t)got;
    bytes[length] = '\0';
    bool is_whole = got == 0;
    char *at = bytes;
    while (is_whole && *at && count < MAX_ANSWERS) {
        char *end = strstr(at, "\r\n\r\n");
        int status;
        if (!end || sscanf(at, "HTTP/1.1 %d ", &status) != 1) {
            is_whole = false;
            break;
        }
        *end = '\0';
        char *field = strcasestr(at, "\r\nContent-Length: ");
        long content = field ? strtol(field + 18, NULL, 10) : 0;
        if ((first_is_head && count == head_at) || status == 204 || status == 304)
            content = 0;
        if (status != 100)
            statuses[count++] = status;
        at = end + 4 + content;
        is_whole = at <= bytes + length;
    }
    if (!is_whole && count < MAX_ANSWERS)
        statuses[count++] = -1;
    return count;
}

enum manner { WHOLE, BYTEWISE, CUT, BEHIND };

static bool try_sample(const struct sample *sample, int port, enum manner manner, size_t cut)
{
    const struct text *text = &sample->text;
    int statuses[MAX_ANSWERS];
    int wanted[MAX_ANSWERS];
    size_t wanted_count = 0;
    int fd = connect_to(port);
    if (manner == BEHIND) {
        struct text both = { .length = 0 };
        append(&both, good, sizeof(good) - 1);
        append(&both, text->bytes, text->length);
        send_all(fd, both.bytes, both.length);
        wanted[wanted_count++] = 200;
    } else if (manner == BYTEWISE) {
        for (size_t i = 0; i < text->length; i++)
            send_all(fd, text->bytes + i, 1);
    } else {
        size_t first = manner == CUT ? cut : text->length;
        send_all(fd, text->bytes, first);
        send_all(fd, text->bytes + first, text->length - first);
    }
    send_all(fd, last, sizeof(last) - 1);
    bool is_head = text->length > 5 && memcmp(text->bytes, "HEAD ", 5) == 0;
    size_t count = read_answers(fd, is_head, wanted_count, statuses);
    close(fd);
    wanted[wanted_count++] = sample->status;
    if (sample->stays_open)
        wanted[wanted_count++] = 200;
    if (count == wanted_count && memcmp(statuses, wanted, count * sizeof(statuses[0])) == 0)
        return true;
    static const char *const words[] = { "whole", "byte by byte", "cut", "behind another" };
    printf("%s (%s, at %zu): answered", sample->line, words[manner], cut);
    for (size_t i = 0; i < count; i++)
        printf(" %d", statuses[i]);
    printf("\n");
    return false;
}

static bool try_all_manners(const struct sample *sample, int port)
{
    size_t cuts = sample->text.length < MAX_CUTS ? sample->text.length : 1;
    bool is_good = try_sample(sample, port, WHOLE, 0) && try_sample(sample, port, BEHIND, 0);
    if (cuts > 1)
        is_good = is_good && try_sample(sample, port, BYTEWISE, 0);
    for (size_t cut = 1; cut < cuts && is_good; cut++)
        is_good = try_sample(sample, port, CUT, cut);
    return is_good;
}

int main(int argc, char *argv[])
{
    static struct sample sample;
    static char line[MAX_CASE_BYTES];
    unsigned cases = 0;
    unsigned failed = 0;
    FILE *corpus = argc >= 3 ? fopen(argv[2], "r") : NULL;
    if (!corpus) {
        fprintf(stderr, "usage: raw_http PORT CORPUS [KEY]\n");
        return 2;
    }
    while (fgets(line, sizeof(line), corpus)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        read_sample(&sample, line, argc == 4 ? argv[3] : "");
        cases++;
        failed += !try_all_manners(&sample, (int)strtol(argv[1], NULL, 10));
    }
    fclose(corpus);
    printf("%u cases, %u failed\n", cases, failed);
    return failed > 0 || cases == 0;
}
