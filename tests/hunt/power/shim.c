/* A disk that fails and a plug that is pulled, below SQLite and Python (LD_PRELOAD).
 *
 * Asleep until power_arm() names a folder. From then on every write, truncation, sync and change of a
 * name below that folder is counted and noted in a log beside it; at the chosen call it fails, is torn,
 * or the process is killed. A sync only notes itself: what a power cut takes is decided from the log
 * after the death (cut.py). "-shm" is left alone: it is shared memory that SQLite rebuilds.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, NAME = 4 };
enum { KILL_BEFORE = 1, KILL_AFTER, TEAR, FAIL, SHORT };
enum { MOST_FD = 4096 };

struct record {
    uint32_t op, name1, name2, pad;
    uint64_t inode, at, size, before, after, dir1, dir2;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX], side[PATH_MAX];
static size_t root_length;
static int armed, log_fd = -1, mask, action, failure, failing_on;
static long due, gap, passed[8], fraction;
static uint64_t watched[MOST_FD];

static long raw_write(int fd, const void *data, size_t size) { return syscall(SYS_write, fd, data, size); }

static void note(struct record *r, const void *a, const void *b) {
    struct iovec parts[3] = {{r, sizeof *r}, {(void *)a, 0}, {(void *)b, 0}};
    parts[1].iov_len = r->name1 ? r->name1 : r->before;
    parts[2].iov_len = r->name2 ? r->name2 : r->after;
    if (syscall(SYS_writev, log_fd, parts, 3) < 0) _exit(97);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Whether this call of its class is the chosen one. */
static int chosen(int class) {
    if (!(mask & class)) return 0;
    if (failing_on) return 1;
    if (++passed[0] != due) return 0;
    if (gap > 0) due += gap;
    if (gap < 0) failing_on = 1;
    struct record r = {.op = 'X', .at = passed[0], .size = action};
    note(&r, NULL, NULL);
    return 1;
}

/* The absolute path where it lies below the watched folder, else NULL. */
static const char *below(int dir, const char *path, char *room) {
    if (!armed || !path) return NULL;
    if (path[0] != '/') {
        char base[PATH_MAX], link[64];
        ssize_t size;
        if (dir == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return NULL;
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
            if ((size = readlink(link, base, sizeof base - 1)) < 0) return NULL;
            base[size] = 0;
        }
        if (snprintf(room, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return NULL;
        path = room;
    }
    if (strncmp(path, root, root_length) || (path[root_length] != '/' && path[root_length])) return NULL;
    size_t length = strlen(path);
    if (length > 4 && !strcmp(path + length - 4, "-shm")) return NULL;
    return path;
}

static uint64_t inode_of(const char *path) {
    struct stat s;
    return lstat(path, &s) ? 0 : s.st_ino;
}

static const char *split(const char *path, uint64_t *dir) {
    const char *slash = strrchr(path, '/');
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path);
    *dir = inode_of(parent);
    return slash + 1;
}

/* A second name beside, so that no content is out of reach after an unlink. */
static void hold(const char *path, uint64_t inode) {
    char keep[PATH_MAX + 32];
    struct stat s;
    if (lstat(path, &s) || !S_ISREG(s.st_mode)) return;
    snprintf(keep, sizeof keep, "%s/%llu", side, (unsigned long long)inode);
    syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, keep, 0);
}

static void note_name(uint32_t op, const char *path, uint64_t inode, int folder) {
    struct record r = {.op = op, .inode = inode, .size = folder};
    const char *name = split(path, &r.dir1);
    r.name1 = strlen(name);
    note(&r, name, NULL);
}

static void note_size(int fd, uint64_t inode, uint64_t old, uint64_t new) {
    struct record r = {.op = 'T', .inode = inode, .at = new, .size = old};
    char *tail = NULL;
    if (new < old) {
        tail = malloc(old - new);
        r.before = old - new;
        if (syscall(SYS_pread64, fd, tail, old - new, new) != (long)(old - new)) _exit(96);
    }
    note(&r, tail, NULL);
    free(tail);
}

static uint64_t size_of(int fd) {
    struct stat s;
    return fstat(fd, &s) ? 0 : (uint64_t)s.st_size;
}

static ssize_t do_write(int fd, const void *data, size_t size, int64_t at) {
    return at < 0 ? raw_write(fd, data, size) : syscall(SYS_pwrite64, fd, data, size, at);
}

static ssize_t watched_write(int fd, const void *data, size_t size, int64_t at) {
    pthread_mutex_lock(&turn);
    int hit = chosen(WRITE);
    size_t part = size;
    if (hit && action == KILL_BEFORE) die();
    if (hit && (action == FAIL || (action == SHORT && (failing_on > 1 || size < 2)))) {
        pthread_mutex_unlock(&turn);
        errno = failure;
        return -1;
    }
    if (hit && (action == TEAR || action == SHORT)) part = size * fraction / 1000;
    if (failing_on) failing_on = 2;
    struct record r = {.op = 'W', .inode = watched[fd], .size = size_of(fd), .after = part};
    r.at = at >= 0 ? (uint64_t)at : (uint64_t)lseek(fd, 0, SEEK_CUR);
    if (at < 0 && (fcntl(fd, F_GETFL) & O_APPEND)) r.at = r.size;
    char *before = NULL;
    if (r.at < r.size) {
        r.before = r.size - r.at < part ? r.size - r.at : part;
        before = malloc(r.before + 1);
        char own[64];
        int reader = fd;
        if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
            snprintf(own, sizeof own, "/proc/self/fd/%d", fd);
            reader = syscall(SYS_openat, AT_FDCWD, own, O_RDONLY | O_CLOEXEC);
        }
        if (syscall(SYS_pread64, reader, before, r.before, r.at) != (long)r.before) _exit(95);
        if (reader != fd) syscall(SYS_close, reader);
    }
    ssize_t done = part ? do_write(fd, data, part, at) : 0;
    if (done >= 0) note(&r, before, data);
    free(before);
    if (hit && action != SHORT) die();
    pthread_mutex_unlock(&turn);
    return done;
}

static int is_watched(int fd) { return armed && fd >= 0 && fd < MOST_FD && watched[fd]; }

ssize_t write(int fd, const void *data, size_t size) {
    return is_watched(fd) ? watched_write(fd, data, size, -1) : raw_write(fd, data, size);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return is_watched(fd) ? watched_write(fd, data, size, at) : syscall(SYS_pwrite64, fd, data, size, at);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

static ssize_t gathered(int fd, const struct iovec *parts, int count, int64_t at) {
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = watched_write(fd, parts[i].iov_base, parts[i].iov_len, at < 0 ? at : at + total);
        if (done < 0) return total ? total : -1;
        total += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    return total;
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    return is_watched(fd) ? gathered(fd, parts, count, -1) : syscall(SYS_writev, fd, parts, count);
}
ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t at, int flags) {
    return is_watched(fd) ? gathered(fd, parts, count, at)
                          : syscall(SYS_pwritev2, fd, parts, count, at, 0L, flags);
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t size) {
    if (is_watched(out)) { errno = EINVAL; return -1; }
    return syscall(SYS_sendfile, out, in, at, size);
}
ssize_t copy_file_range(int in, off64_t *a, int out, off64_t *b, size_t size, unsigned flags) {
    if (is_watched(out)) { errno = EINVAL; return -1; }
    return syscall(SYS_copy_file_range, in, a, out, b, size, flags);
}

int ftruncate64(int fd, off64_t size) {
    if (!is_watched(fd)) return syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&turn);
    int hit = chosen(WRITE), done = -1;
    if (hit && action == KILL_BEFORE) die();
    if (hit && (action == FAIL || action == SHORT)) {
        errno = failure;
    } else {
        note_size(fd, watched[fd], size_of(fd), size);
        done = syscall(SYS_ftruncate, fd, size);
        if (hit) die();
    }
    pthread_mutex_unlock(&turn);
    return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int watched_sync(int fd) {
    pthread_mutex_lock(&turn);
    struct stat s;
    int hit = chosen(SYNC), failed = hit && (action == FAIL || action == SHORT);
    if (hit && (action == KILL_BEFORE || action == TEAR)) die();
    fstat(fd, &s);
    struct record r = {.op = failed ? 'F' : S_ISDIR(s.st_mode) ? 'D' : 'S', .inode = s.st_ino};
    note(&r, NULL, NULL);
    if (hit && !failed) die();
    pthread_mutex_unlock(&turn);
    errno = failure;
    return failed ? -1 : 0;
}
int fsync(int fd) { return is_watched(fd) ? watched_sync(fd) : syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return is_watched(fd) ? watched_sync(fd) : syscall(SYS_fdatasync, fd); }

static int watched_open(int dir, const char *path, int flags, mode_t mode) {
    char room[PATH_MAX];
    const char *full = below(dir, path, room);
    if (!full) {
        int plain = syscall(SYS_openat, dir, path, flags, mode);
        if (armed && plain >= 0 && plain < MOST_FD) watched[plain] = 0;
        return plain;
    }
    pthread_mutex_lock(&turn);
    uint64_t was = inode_of(full);
    int fresh = !was && (flags & O_CREAT), hit = fresh && chosen(NAME), fd = -1;
    if (hit && (action == KILL_BEFORE || action == TEAR)) die();
    if (hit && (action == FAIL || action == SHORT)) {
        errno = failure;
    } else {
        if (was && (flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY && !(flags & O_EXCL)) {
            int old = syscall(SYS_openat, AT_FDCWD, full, O_RDONLY | O_CLOEXEC);
            if (old >= 0) {
                hold(full, was);
                note_size(old, was, size_of(old), 0);
                syscall(SYS_close, old);
            }
        }
        fd = syscall(SYS_openat, dir, path, flags, mode);
    }
    if (fd >= 0 && fd < MOST_FD) {
        struct stat s;
        fstat(fd, &s);
        watched[fd] = s.st_ino;
        if (S_ISREG(s.st_mode) && (flags & O_ACCMODE) != O_RDONLY) hold(full, s.st_ino);
        if (fresh) note_name('L', full, s.st_ino, 0);
    }
    if (hit && fd >= 0) die();
    int kept = errno;
    pthread_mutex_unlock(&turn);
    errno = kept;
    return fd;
}
#define MODE(last) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list more; \
        va_start(more, last); \
        mode = va_arg(more, mode_t); \
        va_end(more); \
    }
int open(const char *path, int flags, ...) { MODE(flags) return watched_open(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return watched_open(AT_FDCWD, path, flags, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE(flags) return watched_open(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE(flags) return watched_open(dir, path, flags, mode); }
int __open64_2(const char *path, int flags) { return watched_open(AT_FDCWD, path, flags, 0); }

static int watched_names(const char *from, const char *to) {
    pthread_mutex_lock(&turn);
    int hit = chosen(NAME), done = -1;
    if (hit && (action == KILL_BEFORE || action == TEAR)) die();
    if (hit && (action == FAIL || action == SHORT)) {
        errno = failure;
    } else {
        uint64_t over = inode_of(to);
        struct record r = {.op = 'R', .inode = inode_of(from)};
        const char *old = split(from, &r.dir1), *new = split(to, &r.dir2);
        if (over) hold(to, over);
        r.name1 = strlen(old);
        r.name2 = strlen(new);
        done = syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
        if (!done) note(&r, old, new);
        if (hit) die();
    }
    int kept = errno;
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}
int renameat(int a, const char *from, int b, const char *to) {
    char one[PATH_MAX], two[PATH_MAX];
    const char *old = below(a, from, one), *new = below(b, to, two);
    return old && new ? watched_names(old, new) : syscall(SYS_renameat, a, from, b, to);
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

static int watched_unlink(int dir, const char *path, int flags) {
    char room[PATH_MAX];
    const char *full = below(dir, path, room);
    uint64_t was = full ? inode_of(full) : 0;
    if (!was) return syscall(SYS_unlinkat, dir, path, flags);
    pthread_mutex_lock(&turn);
    int hit = chosen(NAME), done = -1;
    if (hit && (action == KILL_BEFORE || action == TEAR)) die();
    if (hit && (action == FAIL || action == SHORT)) {
        errno = failure;
    } else {
        hold(full, was);
        done = syscall(SYS_unlinkat, dir, path, flags);
        if (!done) note_name('U', full, was, 0);
        if (hit) die();
    }
    int kept = errno;
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}
int unlinkat(int dir, const char *path, int flags) { return watched_unlink(dir, path, flags); }
int unlink(const char *path) { return watched_unlink(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return watched_unlink(AT_FDCWD, path, AT_REMOVEDIR); }

static int watched_mkdir(int dir, const char *path, mode_t mode) {
    char room[PATH_MAX];
    const char *full = below(dir, path, room);
    if (!full || inode_of(full)) return syscall(SYS_mkdirat, dir, path, mode);
    pthread_mutex_lock(&turn);
    int hit = chosen(NAME), done = -1;
    if (hit && (action == KILL_BEFORE || action == TEAR)) die();
    if (hit && (action == FAIL || action == SHORT)) {
        errno = failure;
    } else {
        done = syscall(SYS_mkdirat, dir, path, mode);
        if (!done) note_name('L', full, inode_of(full), 1);
        if (hit) die();
    }
    int kept = errno;
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}
int mkdirat(int dir, const char *path, mode_t mode) { return watched_mkdir(dir, path, mode); }
int mkdir(const char *path, mode_t mode) { return watched_mkdir(AT_FDCWD, path, mode); }

int close(int fd) {
    if (armed && fd >= 0 && fd < MOST_FD) watched[fd] = 0;
    return syscall(SYS_close, fd);
}

/* Watch a folder; at the n-th call of the classes in the mask act, and again every `again` calls
 * (0: once, -1: from then on for ever). `part`: how many thousandths of a torn write land. */
void power_arm(const char *folder, const char *beside, int classes, long n, int what, int error, long again,
               long part) {
    char place[PATH_MAX + 8];
    snprintf(root, sizeof root, "%s", folder);
    snprintf(side, sizeof side, "%s", beside);
    root_length = strlen(root);
    snprintf(place, sizeof place, "%s/log", side);
    int made = syscall(SYS_openat, AT_FDCWD, place, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    log_fd = fcntl(made, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, made);
    mask = classes;
    due = n;
    action = what;
    failure = error;
    gap = again;
    fraction = part;
    armed = 1;
}
