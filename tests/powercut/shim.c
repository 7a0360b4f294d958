/* Preloaded: writes down what a process does to the files below one folder, in order, and cuts the
   power (ends its process group) before the n-th of these. What a later reader does with the
   journal is in disk.py. Built by gcc -shared -fPIC. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[PATH_MAX], undo[PATH_MAX];
static int journal = -1;
static volatile int *shared; /* [0] operations so far, [1] the one before which the power goes */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* From now on watch `folder`; keep the journal and what is needed to undo in `where`. */
void powercut_arm(const char *folder, const char *where, int cut) {
    char path[PATH_MAX];
    snprintf(root, sizeof root, "%s/", folder);
    snprintf(undo, sizeof undo, "%s", where);
    snprintf(path, sizeof path, "%s/journal", where);
    journal = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    journal = fcntl(journal, F_DUPFD_CLOEXEC, 900); /* out of the way of who closes what it knows */
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared[0] = 0;
    shared[1] = cut;
}

int powercut_count(void) { return shared ? shared[0] : 0; }

static int absolute(int folder, const char *name, char *path) {
    char base[PATH_MAX], link[64];
    if (!shared || !name) return 0;
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
    } else {
        if (folder == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return 0;
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t length = readlink(link, base, sizeof base - 1);
            if (length < 0) return 0;
            base[length] = 0;
        }
        if (!name[0]) snprintf(path, PATH_MAX, "%s", base);
        else if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) return 0;
    }
    size_t length = strlen(root);
    return !strncmp(path, root, length) || !strncmp(path, root, length - 1);
}

static void note(const char *what, const char *first, const char *second, const char *third) {
    char line[3 * PATH_MAX];
    int number = __sync_add_and_fetch(&shared[0], 1);
    if (number == shared[1]) kill(0, SIGKILL);
    while (shared[1] && number > shared[1]) pause(); /* another process was the one */
    int length = snprintf(line, sizeof line, "%s\t%s\t%s\t%s\n", what, first, second, third);
    if (journal < 0 || write(journal, line, length) < 0) {
        char path[PATH_MAX]; /* the process closed what it did not know: open it again */
        snprintf(path, sizeof path, "%s/journal", undo);
        journal = REAL(open)(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        journal = fcntl(journal, F_DUPFD_CLOEXEC, 900);
        if (REAL(write)(journal, line, length) < 0) abort();
    }
}

/* A second name for what is about to lose its own; "-" where nothing is there. */
static void keep(const char *path, char *kept) {
    struct stat status;
    strcpy(kept, "-");
    if (lstat(path, &status) || S_ISDIR(status.st_mode)) return;
    snprintf(kept, PATH_MAX, "%.3000s/kept-%d-%d", undo, getpid(), shared[0]);
    REAL(link)(path, kept);
}

static void opening(int folder, const char *name, int flags) {
    char path[PATH_MAX];
    if ((flags & O_ACCMODE) == O_RDONLY || !absolute(folder, name, path)) return;
    int there = REAL(access)(path, F_OK) == 0;
    if (!there && !(flags & O_CREAT)) return;
    note(there ? "write" : "create", path, "", "");
}

#define OPEN(name)                                                  \
    int name(const char *path, int flags, ...) {                    \
        va_list rest;                                               \
        va_start(rest, flags);                                      \
        mode_t mode = va_arg(rest, int);                            \
        va_end(rest);                                               \
        opening(AT_FDCWD, path, flags);                             \
        return REAL(name)(path, flags, mode);                       \
    }
#define OPENAT(name)                                                \
    int name(int folder, const char *path, int flags, ...) {        \
        va_list rest;                                               \
        va_start(rest, flags);                                      \
        mode_t mode = va_arg(rest, int);                            \
        va_end(rest);                                               \
        opening(folder, path, flags);                               \
        return REAL(name)(folder, path, flags, mode);               \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void *bytes, size_t count) {
    char path[PATH_MAX];
    if (shared && file > 2 && file != journal && absolute(file, "", path)) note("write", path, "", "");
    return REAL(write)(file, bytes, count);
}

static void syncing(int file) {
    char path[PATH_MAX];
    if (absolute(file, "", path)) note("sync", path, "", "");
}
int fsync(int file) {
    syncing(file);
    return 0; /* the power is cut in play only: the journal says what is on the disk */
}
int fdatasync(int file) { return fsync(file); }

static int renaming(int from, const char *old, int to, const char *new) {
    char first[PATH_MAX], second[PATH_MAX], kept[PATH_MAX];
    if (absolute(from, old, first) && absolute(to, new, second)) {
        keep(second, kept);
        note("rename", first, second, kept);
    }
    return REAL(renameat)(from, old, to, new);
}
int rename(const char *old, const char *new) { return renaming(AT_FDCWD, old, AT_FDCWD, new); }
int renameat(int from, const char *old, int to, const char *new) {
    return renaming(from, old, to, new);
}

static void removing(int folder, const char *name, const char *what) {
    char path[PATH_MAX], kept[PATH_MAX];
    struct stat status;
    if (!absolute(folder, name, path) || lstat(path, &status)) return;
    keep(path, kept);
    note(what, path, kept, "");
}
int unlink(const char *path) {
    removing(AT_FDCWD, path, "unlink");
    return REAL(unlink)(path);
}
int unlinkat(int folder, const char *path, int flags) {
    removing(folder, path, flags & AT_REMOVEDIR ? "rmdir" : "unlink");
    return REAL(unlinkat)(folder, path, flags);
}
int rmdir(const char *path) {
    removing(AT_FDCWD, path, "rmdir");
    return REAL(rmdir)(path);
}

static void making(int folder, const char *name) {
    char path[PATH_MAX];
    if (absolute(folder, name, path) && REAL(access)(path, F_OK)) note("mkdir", path, "", "");
}
int mkdir(const char *path, mode_t mode) {
    making(AT_FDCWD, path);
    return REAL(mkdir)(path, mode);
}
int mkdirat(int folder, const char *path, mode_t mode) {
    making(folder, path);
    return REAL(mkdirat)(folder, path, mode);
}
