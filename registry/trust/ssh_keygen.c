// Runs ssh-keygen: three pipes served at once, nothing left behind on any path.
#include "trust/ssh_keygen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "trust/ssh_signature.h"
#include "trust/ssh_wire.h"

#define WORDS_KEPT_BYTES 512 // of ssh-keygen's diagnostics: the last ones say why
#define CHUNK_BYTES 4096
#define ASKPASS_VARIABLE "SSH_ASKPASS_REQUIRE="

// A running ssh-keygen and our ends of its pipes; -1 is closed, 0 is no child.
struct keygen {
    pid_t pid;
    int input; // a socket, not a pipe: send() can be told not to raise SIGPIPE
    int output;
    int words;
};

// Both ends of a pipe or socket.
struct ends {
    int ours;
    int theirs;
};

static void ends_release(struct ends *ends)
{
    file_close(&ends->ours);
    file_close(&ends->theirs);
}

// The end of what ssh-keygen said: byte i of it stands at i % WORDS_KEPT_BYTES.
struct words {
    char ring[WORDS_KEPT_BYTES];
    size_t count; // of all bytes that came
};

// Takes a descriptor out of its owner.
static int take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

// Whatever happened, no process and no descriptor stays.
static void keygen_release(struct keygen *keygen)
{
    file_close(&keygen->input);
    file_close(&keygen->output);
    file_close(&keygen->words);
    if (keygen->pid > 0) {
        kill(keygen->pid, SIGKILL);
        while (waitpid(keygen->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    keygen->pid = 0;
}

static enum status open_ends(struct ends *out, bool we_write, struct error *err)
{
    int pair[2] = { -1, -1 };
    int made = we_write ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)
                        : pipe2(pair, O_CLOEXEC);
    if (made != 0)
        return error_errno(err, "cannot open", "a pipe to ssh-keygen");
    *out = (struct ends) { .ours = pair[0], .theirs = pair[1] };
    if (fcntl(out->ours, F_SETFL, O_NONBLOCK) != 0)
        return error_errno(err, "cannot open", "a pipe to ssh-keygen");
    return STATUS_OK;
}

// Our environment, and a word that passphrases are asked for on the terminal when there is one:
// with its input not a terminal ssh-keygen would look for a graphical prompt instead.
static enum status make_environment(char ***out, struct error *err)
{
    size_t count = 0;
    bool said = false;
    for (; environ && environ[count]; count++)
        said = said || text_starts_with(environ[count], ASKPASS_VARIABLE);
    char **copy = NULL;
    TRY(memory_new(&copy, count + 2, sizeof(*copy), err));
    if (count > 0)
        memcpy(copy, environ, count * sizeof(*copy));
    int terminal OWNED(file_close) = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (!said && terminal >= 0)
        copy[count] = (char *)ASKPASS_VARIABLE "never"; // exec only reads it
    *out = copy;
    return STATUS_OK;
}

// The child starts with the signals of a shell's child, whatever this process blocks or ignores.
static int set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t reset;
    sigemptyset(&none);
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    int failed = posix_spawnattr_setsigmask(attributes, &none);
    failed = failed ? failed : posix_spawnattr_setsigdefault(attributes, &reset);
    return failed ? failed
                  : posix_spawnattr_setflags(attributes,
                                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

// An error number, 0 when *out_pid runs. `standard` are its standard input, output and error.
static int spawn(pid_t *out_pid, char *const *arguments, char *const *environment,
                 const int standard[3])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed) {
        posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    failed = set_signals(&attributes);
    for (int i = 0; !failed && i < 3; i++)
        failed = posix_spawn_file_actions_adddup2(&actions, standard[i], i);
    if (!failed)
        failed = posix_spawnp(out_pid, arguments[0], &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static enum status start(struct keygen *keygen, const char *key_path, const char *name_space,
                         struct error *err)
{
    struct ends input OWNED(ends_release) = { -1, -1 };
    struct ends output OWNED(ends_release) = { -1, -1 };
    struct ends words OWNED(ends_release) = { -1, -1 };
    // In this order: should our own standard streams be closed, these take their numbers, and no
    // dup2 in the child hits an end that it still needs.
    TRY(open_ends(&input, true, err));
    TRY(open_ends(&output, false, err));
    TRY(open_ends(&words, false, err));
    char **environment OWNED(memory_release) = NULL;
    TRY(make_environment(&environment, err));
    const char *arguments[] = { "ssh-keygen", "-q", "-Y",     "sign", "-n",
                                name_space,   "-f", key_path, NULL };
    const int standard[3] = { input.theirs, output.theirs, words.theirs };
    // exec only reads the arguments; POSIX keeps the older type.
    pid_t pid = 0;
    int failed = spawn(&pid, (char *const *)arguments, environment, standard);
    if (failed == ENOENT) {
        error_set(err, STATUS_IO, "ssh_keygen_missing", "there is no ssh-keygen on PATH");
        return error_hint(err, "install OpenSSH's client (Debian: apt install openssh-client)");
    }
    if (failed) {
        errno = failed;
        return error_errno(err, "cannot start", "ssh-keygen");
    }
    keygen->pid = pid;
    keygen->input = take(&input.ours);
    keygen->output = take(&output.ours);
    keygen->words = take(&words.ours);
    return STATUS_OK;
}

// Sends what the child will take now. One that stops reading says why by its exit.
static enum status feed(struct keygen *keygen, struct ssh_span *message, struct error *err)
{
    ssize_t sent = send(keygen->input, message->bytes, message->length, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR))
        return STATUS_OK;
    bool deaf = sent < 0 && (errno == EPIPE || errno == ECONNRESET);
    if (sent < 0 && !deaf)
        return error_errno(err, "cannot write to", "ssh-keygen");
    if (sent > 0) {
        message->bytes += sent;
        message->length -= (size_t)sent;
    }
    if (deaf || message->length == 0)
        file_close(&keygen->input);
    return STATUS_OK;
}

// Reads what is there into `chunk`; 0 also when nothing is, and then `fd` is closed at its end.
static enum status take_in(int *fd, char *chunk, size_t *inout_bytes, struct error *err)
{
    ssize_t got = read(*fd, chunk, *inout_bytes);
    *inout_bytes = got > 0 ? (size_t)got : 0;
    if (got < 0 && errno != EAGAIN && errno != EINTR)
        return error_errno(err, "cannot read from", "ssh-keygen");
    if (got == 0)
        file_close(fd);
    return STATUS_OK;
}

static enum status take_output(struct keygen *keygen, struct buffer *out, struct error *err)
{
    char chunk[CHUNK_BYTES];
    size_t got = sizeof(chunk);
    TRY(take_in(&keygen->output, chunk, &got, err));
    if (out->length + got > SSH_SIGNATURE_MAX_BYTES)
        return error_set(err, STATUS_IO, "signing_failed",
                         "ssh-keygen prints more than a signature can be long (%d bytes)",
                         SSH_SIGNATURE_MAX_BYTES);
    buffer_append(out, chunk, got);
    return buffer_check(out, err);
}

// Keeps the last words for the error, and lets a person see them as they come.
static enum status take_words(struct keygen *keygen, struct words *words, struct error *err)
{
    char chunk[CHUNK_BYTES];
    size_t got = sizeof(chunk);
    TRY(take_in(&keygen->words, chunk, &got, err));
    if (got > 0 && isatty(STDERR_FILENO)) {
        struct error unheard; // a terminal that is gone is no reason not to sign
        (void)file_write_all(STDERR_FILENO, chunk, got, "standard error", &unheard);
    }
    for (size_t i = 0; i < got; i++)
        words->ring[words->count++ % WORDS_KEPT_BYTES] = chunk[i];
    return STATUS_OK;
}

static enum status serve(struct keygen *keygen, struct buffer *out, struct words *words,
                         struct ssh_span message, struct error *err)
{
    while (keygen->output >= 0 || keygen->words >= 0) {
        // No time limit: a person may be looking for a passphrase or a key to touch.
        struct pollfd fds[] = { { keygen->input, POLLOUT, 0 },
                                { keygen->output, POLLIN, 0 },
                                { keygen->words, POLLIN, 0 } };
        if (poll(fds, COUNT_OF(fds), -1) < 0 && errno != EINTR)
            return error_errno(err, "cannot wait for", "ssh-keygen");
        if (fds[0].revents)
            TRY(feed(keygen, &message, err));
        if (fds[1].revents)
            TRY(take_output(keygen, out, err));
        if (fds[2].revents)
            TRY(take_words(keygen, words, err));
    }
    return STATUS_OK;
}

// The last words as one line of text.
static void words_format(const struct words *words, char out[WORDS_KEPT_BYTES + 1])
{
    size_t first = words->count > WORDS_KEPT_BYTES ? words->count - WORDS_KEPT_BYTES : 0;
    size_t length = 0;
    for (size_t i = first; i < words->count; i++) {
        char byte = words->ring[i % WORDS_KEPT_BYTES];
        bool blank = (unsigned char)byte <= ' ' || byte == 0x7F;
        if (!blank)
            out[length++] = byte;
        else if (length > 0 && out[length - 1] != ' ')
            out[length++] = ' ';
    }
    while (length > 0 && out[length - 1] == ' ')
        length--;
    out[length] = '\0';
    if (text_is_utf8(out, length, NULL))
        return;
    for (size_t i = 0; i < length; i++) // cut in the middle of a letter, or never text
        out[i] = (unsigned char)out[i] < 0x80 ? out[i] : '?';
}

static enum status judge(struct keygen *keygen, const struct words *words, const char *key_path,
                         const char *name_space, struct error *err)
{
    int ended = 0;
    pid_t waited;
    do {
        waited = waitpid(keygen->pid, &ended, 0);
    } while (waited < 0 && errno == EINTR);
    keygen->pid = 0;
    if (waited < 0)
        return error_errno(err, "cannot wait for", "ssh-keygen");
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
        return STATUS_OK;
    char last[WORDS_KEPT_BYTES + 1];
    words_format(words, last);
    const char *how = WIFEXITED(ended) ? "exit status" : "signal";
    int number = WIFEXITED(ended) ? WEXITSTATUS(ended) : WTERMSIG(ended);
    error_set(err, STATUS_IO, "signing_failed", "ssh-keygen cannot sign with %s (%s %d)%s%s",
              key_path, how, number, last[0] ? ": " : "", last);
    return error_hint(err, "try it by hand: echo test | ssh-keygen -Y sign -n %s -f %s", name_space,
                      key_path);
}

enum status ssh_keygen_sign(struct buffer *out, const char *key_path, const char *name_space,
                            const void *message, size_t message_bytes, struct error *err)
{
    struct keygen keygen OWNED(keygen_release) = { .input = -1, .output = -1, .words = -1 };
    struct words words = { 0 };
    struct buffer printed OWNED(buffer_release) = { 0 };
    TRY(start(&keygen, key_path, name_space, err));
    TRY(serve(&keygen, &printed, &words, (struct ssh_span) { message, message_bytes }, err));
    TRY(judge(&keygen, &words, key_path, name_space, err));
    buffer_append(out, buffer_text(&printed), printed.length);
    return buffer_check(out, err);
}
