// What the process gives up before it answers anybody.
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#ifndef LANDLOCK_ACCESS_FS_REFER // Debian 12's headers know the first ABI only
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_FILE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define WRITE                                                                                      \
    (WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                 \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG)
// Everything of the first ABI, executing and making devices, sockets and links among it: what is
// handled and not granted is refused.
#define EVERYTHING_FIRST_ABI ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

static uint64_t rights_of_abi(long abi)
{
    uint64_t rights = EVERYTHING_FIRST_ABI;
    if (abi >= 2)
        rights |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3)
        rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
    return rights;
}

static enum status grant(int ruleset, const char *path, uint64_t rights, uint64_t handled,
                         struct error *err)
{
    int fd OWNED(file_close) = open(path, O_PATH | O_CLOEXEC);
    struct stat about;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return STATUS_OK;
    if (fd < 0 || fstat(fd, &about) != 0)
        return error_errno(err, "cannot open", path);
    if (!S_ISDIR(about.st_mode)) // a file takes no right that is about folders
        rights &= READ_FILE | WRITE_FILE;
    struct landlock_path_beneath_attr rule = { .allowed_access = rights & handled,
                                               .parent_fd = fd };
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        return error_errno(err, "cannot keep access to", path);
    return STATUS_OK;
}

static enum status grant_folder_of(int ruleset, const char *path, uint64_t handled,
                                   struct error *err)
{
    struct buffer folder OWNED(buffer_release) = { 0 };
    const char *slash = strrchr(path, '/');
    buffer_append(&folder, slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
    TRY(buffer_check(&folder, err));
    return grant(ruleset, buffer_text(&folder), READ, handled, err);
}

// A link's target counts, too: certificates are often links into the folder of the last renewal.
static enum status grant_reread(int ruleset, const char *path, uint64_t handled, struct error *err)
{
    char *target OWNED(memory_release) = realpath(path, NULL);
    TRY(grant_folder_of(ruleset, path, handled, err));
    return target ? grant_folder_of(ruleset, target, handled, err) : STATUS_OK;
}

static enum status grant_environment(int ruleset, const struct confine_plan *plan, uint64_t handled,
                                     struct error *err)
{
    struct buffer cache OWNED(buffer_release) = { 0 };
    buffer_append_format(&cache, "%s/cache", plan->environment_path);
    TRY(buffer_check(&cache, err));
    TRY(grant(ruleset, plan->environment_path, plan->may_write ? READ | WRITE : READ, handled,
              err));
    return grant(ruleset, buffer_text(&cache), READ | WRITE, handled, err);
}

static enum status grant_all(int ruleset, const struct confine_plan *plan, uint64_t handled,
                             struct error *err)
{
    // Libraries that are loaded late, time zones, host names, the process's own figures.
    static const char *const system_folders[] = { "/usr",  "/lib", "/lib64", "/etc",
                                                  "/proc", "/sys", "/dev" };
    for (size_t i = 0; i < COUNT_OF(system_folders); i++)
        TRY(grant(ruleset, system_folders[i], READ, handled, err));
    for (const char *const *path = plan->also_readable; path && *path; path++)
        TRY(grant_reread(ruleset, *path, handled, err));
    if (plan->scratch_path)
        TRY(grant(ruleset, plan->scratch_path, READ | WRITE, handled, err));
    return grant_environment(ruleset, plan, handled, err);
}

enum status confine_files(bool *out, const struct confine_plan *plan, struct error *err)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    *out = false;
    if (abi < 1)
        return STATUS_OK; // an older kernel, or it is switched off
    uint64_t handled = rights_of_abi(abi);
    struct landlock_ruleset_attr attributes = { .handled_access_fs = handled };
    int ruleset OWNED(file_close) =
        (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
    if (ruleset < 0)
        return error_errno(err, "cannot make", "a Landlock ruleset");
    TRY(grant_all(ruleset, plan, handled, err));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        return error_errno(err, "cannot apply", "the Landlock ruleset");
    *out = true;
    return STATUS_OK;
}

// Calls that neither we nor our libraries make while serving, and that a stranger in the process
// would want: another program, other processes, the kernel itself. They answer EPERM.
static const int never_made[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setgroups),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(personality),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(quotactl),
    SCMP_SYS(acct),
#ifndef __SANITIZE_ADDRESS__ // the leak checker traces its own process when it ends
    SCMP_SYS(ptrace),
#endif
};

static void release_filter(scmp_filter_ctx *filter)
{
    if (*filter)
        seccomp_release(*filter);
}

enum status confine_calls(bool *out, struct error *err)
{
    *out = false;
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0)
        return STATUS_OK; // a kernel without it
    scmp_filter_ctx filter OWNED(release_filter) = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return error_no_memory(err);
    // Threads that the libraries have started already are held to it as well.
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    for (size_t i = 0; i < COUNT_OF(never_made) && !failed; i++)
        failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), never_made[i], 0);
    if (!failed)
        failed = seccomp_load(filter);
    if (failed) {
        errno = -failed;
        return error_errno(err, "cannot apply", "the seccomp filter");
    }
    *out = true;
    return STATUS_OK;
}
