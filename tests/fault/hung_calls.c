// Preloaded into a process: its call HUNG_CALL never returns if a path of it contains HUNG_PATH, and creates the file HUNG_SEEN, as
// on a file system whose server does not respond. With HUNG_UNTIL the first such call continues once a file of that name exists,
// and no other one hangs.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void hang(const char *call, const char *path) {
  const char *hung = getenv("HUNG_CALL");
  if (!hung || strcmp(hung, call) != 0 || !strstr(path, getenv("HUNG_PATH"))) return;
  const char *until = getenv("HUNG_UNTIL");
  if (until && access(getenv("HUNG_SEEN"), F_OK) == 0) return;
  REAL(close)(REAL(creat)(getenv("HUNG_SEEN"), 0600));
  if (!until)
    for (;;) pause();
  while (access(until, F_OK) != 0) usleep(1000);
}

static void hang_at_file(const char *call, int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  hang(call, path);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  hang("open", path);
  return REAL(open)(path, flags, mode);
}
int open64(const char *path, int flags, ...) __attribute__((alias("open")));

DIR *opendir(const char *path) {
  hang("opendir", path);
  return REAL(opendir)(path);
}
int stat(const char *restrict path, struct stat *restrict about) {
  hang("stat", path);
  return REAL(stat)(path, about);
}
int lstat(const char *restrict path, struct stat *restrict about) {
  hang("lstat", path);
  return REAL(lstat)(path, about);
}
int mkdir(const char *path, mode_t mode) {
  hang("mkdir", path);
  return REAL(mkdir)(path, mode);
}
char *realpath(const char *restrict path, char *restrict resolved) {
  hang("realpath", path);
  return REAL(realpath)(path, resolved);
}
int unlink(const char *path) {
  hang("unlink", path);
  return REAL(unlink)(path);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
  hang("renameat2", to);
  return REAL(renameat2)(from_folder, from, to_folder, to, flags);
}
int rename(const char *from, const char *to) {
  hang("rename", to);
  return REAL(rename)(from, to);
}
ssize_t read(int file, void *into, size_t size) {
  hang_at_file("read", file);
  return REAL(read)(file, into, size);
}
ssize_t pread(int file, void *into, size_t size, off_t offset) {
  hang_at_file("pread", file);
  return REAL(pread)(file, into, size, offset);
}
ssize_t write(int file, const void *from, size_t size) {
  hang_at_file("write", file);
  return REAL(write)(file, from, size);
}
int fsync(int file) {
  hang_at_file("fsync", file);
  return REAL(fsync)(file);
}
int flock(int file, int operation) {
  hang_at_file("flock", file);
  return REAL(flock)(file, operation);
}
