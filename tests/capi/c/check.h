/* Checks that print where they failed and go on; CHECK_REPORT() is the program's exit status. */
#ifndef CHECK_H
#define CHECK_H

#include <stdatomic.h>
#include <stdio.h>

static atomic_int check_failures;

static inline int check_failed(const char *file, int line, const char *what) {
  fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
  atomic_fetch_add(&check_failures, 1);
  return 0;
}

#define CHECK(condition) ((condition) ? 1 : check_failed(__FILE__, __LINE__, #condition))

/* A call that must return this status; otherwise the library's message is printed. */
#define CHECK_STATUS(expected, call)                                                                              \
  do {                                                                                                            \
    evodb_error *error = NULL;                                                                                    \
    const evodb_status got = (call);                                                                              \
    const char *message = evodb_error_message(error, NULL);                                                       \
    if (got != (expected)) {                                                                                      \
      fprintf(stderr, "%s:%d: %s returned %s: %s\n", __FILE__, __LINE__, #call, evodb_status_name(got), message); \
      atomic_fetch_add(&check_failures, 1);                                                                       \
    }                                                                                                             \
    CHECK((error == NULL) == (got == EVODB_OK));                                                                  \
    evodb_error_free(error);                                                                                      \
  } while (0)

#define CHECK_REPORT() (atomic_load(&check_failures) == 0 ? 0 : 1)

#endif
