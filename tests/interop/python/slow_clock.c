// Preloaded into a process, its wall clock runs behind by SLOW_CLOCK_SECONDS. (Unlike libfaketime's wrapper it keeps nothing outside
// of the process, so that kill -9 leaves nothing behind for the next process of the same number to stumble over.)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*real)(clockid_t, struct timespec *);
  static long behind;
  if (!real) {
    const char *seconds = getenv("SLOW_CLOCK_SECONDS");
    behind = seconds ? atol(seconds) : 0;
    real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  }
  const int result = real(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec -= behind;
  return result;
}
