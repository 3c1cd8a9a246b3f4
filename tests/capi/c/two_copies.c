/* Two copies of the library in one process, as two plug-ins load them, work side by side and can be closed. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "evodb_lakehouse.h"

struct copy {
  void *library;
  evodb_status (*runtime_open)(const evodb_options *, evodb_runtime **, evodb_error **);
  void (*runtime_free)(evodb_runtime *);
  evodb_status (*storage_open)(evodb_runtime *, const char *, int64_t, const evodb_options *, evodb_storage **,
                               evodb_error **);
  void (*storage_free)(evodb_storage *);
  evodb_future *(*table_open)(evodb_storage *, const char *, int64_t, const evodb_options *);
  evodb_status (*future_wait)(const evodb_future *, int64_t, evodb_error **);
  void (*future_free)(evodb_future *);
  evodb_runtime *runtime;
  evodb_storage *storage;
};

static void find(const struct copy *copy, const char *name, void *function) {
  void *found = dlsym(copy->library, name);
  if (!CHECK(found != NULL)) exit(1);
  memcpy(function, &found, sizeof found);
}

static void load(struct copy *copy, const char *path) {
  copy->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!CHECK(copy->library != NULL)) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  find(copy, "evodb_runtime_open", &copy->runtime_open);
  find(copy, "evodb_runtime_free", &copy->runtime_free);
  find(copy, "evodb_storage_open", &copy->storage_open);
  find(copy, "evodb_storage_free", &copy->storage_free);
  find(copy, "evodb_table_open", &copy->table_open);
  find(copy, "evodb_future_wait", &copy->future_wait);
  find(copy, "evodb_future_free", &copy->future_free);
  CHECK(copy->runtime_open(NULL, &copy->runtime, NULL) == EVODB_OK);
  CHECK(copy->storage_open(copy->runtime, "memory://shared-name", -1, NULL, &copy->storage, NULL) == EVODB_OK);
}

static void use(const struct copy *copy) {
  evodb_future *future = copy->table_open(copy->storage, "nothing", -1, NULL);
  CHECK(copy->future_wait(future, -1, NULL) == EVODB_NOT_FOUND); /* a request went through its threads and back */
  copy->future_free(future);
}

static void unload(const struct copy *copy) {
  copy->storage_free(copy->storage);
  copy->runtime_free(copy->runtime);
  CHECK(dlclose(copy->library) == 0);
}

int main(void) {
  struct copy first, second;
  load(&first, EVODB_LIBRARY);
  load(&second, EVODB_SECOND_LIBRARY);
  CHECK(first.library != second.library);
  use(&first);
  use(&second);
  unload(&first);
  use(&second);
  unload(&second);
  return CHECK_REPORT();
}
