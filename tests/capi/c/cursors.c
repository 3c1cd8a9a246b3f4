/* Iteration over a plan: a failure is final, cancelling from any thread, reading ahead. */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sample.h"

enum { files = 20 }; /* each in a manifest of its own */

static evodb_runtime *runtime;
static evodb_plan *plan;

static evodb_plan *plan_with(const char *name, const evodb_options *options) {
  /* A storage of its own, which has read no manifest yet. */
  evodb_storage *storage = sample_storage(runtime, sample_folder());
  evodb_table *table = sample_open(storage, name);
  evodb_future *future = evodb_table_plan(table, NULL, options);
  evodb_plan *made = NULL;
  CHECK_STATUS(EVODB_OK, evodb_future_take_plan(future, -1, &made, &error));
  evodb_future_free(future);
  evodb_table_free(table);
  evodb_storage_free(storage);
  return made;
}

static evodb_plan *plan_of(const char *name) {
  return plan_with(name, NULL);
}

static void make_table(const char *name) {
  evodb_storage *storage = sample_storage(runtime, sample_folder());
  evodb_table *table = sample_table(storage, name);
  for (int i = 0; i < files; ++i) {
    char path[64];
    snprintf(path, sizeof path, "data/%d.parquet", i);
    evodb_table *appended = sample_append(table, path, 1);
    evodb_table_free(table);
    table = appended;
  }
  evodb_table_free(sample_commit(table)); /* one version of so many snapshots */
  evodb_table_free(table);
  evodb_storage_free(storage);
}

/* ----------------------------------------------------------------------------------------------- a missing manifest */

static char lost_path[4096], kept_path[4200];

static void lose_a_manifest(const char *name) {
  char folder[4096];
  snprintf(folder, sizeof folder, "%.3000s/%s/metadata", sample_folder(), name);
  DIR *entries = opendir(folder);
  for (struct dirent *one = readdir(entries); one != NULL; one = readdir(entries)) {
    const size_t length = strlen(one->d_name);
    if (strncmp(one->d_name, "snap-", 5) == 0 || length < 5 || strcmp(one->d_name + length - 5, ".avro") != 0) continue;
    snprintf(lost_path, sizeof lost_path, "%.3500s/%.300s", folder, one->d_name);
  }
  closedir(entries);
  snprintf(kept_path, sizeof kept_path, "%s.kept", lost_path);
  CHECK(rename(lost_path, kept_path) == 0);
}

/* A file in its place that is not a manifest. */
static void spoil_a_manifest(const char *name) {
  lose_a_manifest(name);
  FILE *spoiled = fopen(lost_path, "wb");
  CHECK(spoiled != NULL && fputs("Obj", spoiled) >= 0 && fclose(spoiled) == 0);
}

static void restore_the_manifest(void) {
  CHECK(rename(kept_path, lost_path) == 0);
}

/* ----------------------------------------------------------------------------------------------- kinds of iteration */

/* An iteration of any kind: `next` returns the status, and whether there was one more item. */
struct walk {
  evodb_file_cursor *cursor;
  evodb_explain_cursor *explain;
  struct ArrowArrayStream stream;
  evodb_cancellation *cancellation;
};

static void begin_cursor(struct walk *walk) {
  CHECK_STATUS(EVODB_OK, evodb_plan_files(plan, &walk->cursor, &error));
}
static evodb_status next_of_cursor(struct walk *walk, int64_t *count, char *words) {
  evodb_error *error = NULL;
  evodb_bool has_file = 0;
  const evodb_status status = evodb_file_cursor_next(walk->cursor, &has_file, &error);
  *count = has_file;
  snprintf(words, 512, "%s %s", evodb_error_message(error, NULL), evodb_error_subject(error, NULL));
  evodb_error_free(error);
  return status;
}
static void cancel_cursor(struct walk *walk) {
  evodb_file_cursor_cancel(walk->cursor);
}
static void end_cursor(struct walk *walk) {
  evodb_file_cursor_free(walk->cursor);
}

static void begin_explain(struct walk *walk) {
  CHECK_STATUS(EVODB_OK, evodb_plan_explain(plan, &walk->explain, &error));
}
static evodb_status next_of_explain(struct walk *walk, int64_t *count, char *words) {
  evodb_error *error = NULL;
  evodb_bool has_row = 0;
  const evodb_status status = evodb_explain_cursor_next(walk->explain, &has_row, &error);
  *count = has_row && !evodb_explain_cursor_is_manifest(walk->explain) ? 1 : has_row ? -1 : 0;
  snprintf(words, 512, "%s %s", evodb_error_message(error, NULL), evodb_error_subject(error, NULL));
  evodb_error_free(error);
  return status;
}
static void cancel_explain(struct walk *walk) {
  evodb_explain_cursor_cancel(walk->explain);
}
static void end_explain(struct walk *walk) {
  evodb_explain_cursor_free(walk->explain);
}

static void begin_stream(struct walk *walk) {
  CHECK_STATUS(EVODB_OK, evodb_plan_stream(plan, &walk->stream, &error));
  CHECK_STATUS(EVODB_OK, evodb_plan_stream_cancellation(&walk->stream, &walk->cancellation, &error));
}
static evodb_status next_of_stream(struct walk *walk, int64_t *count, char *words) {
  struct ArrowArray batch = {0};
  const int failed = walk->stream.get_next(&walk->stream, &batch);
  *count = 0;
  words[0] = '\0';
  if (failed) snprintf(words, 512, "%d %s", failed, walk->stream.get_last_error(&walk->stream));
  if (batch.release != NULL) {
    *count = batch.length;
    batch.release(&batch);
  }
  return failed == 0 ? EVODB_OK : failed == ECANCELED ? EVODB_CANCELLED : EVODB_NOT_FOUND;
}
static void cancel_stream(struct walk *walk) {
  evodb_cancellation_cancel(walk->cancellation);
}
static void end_stream(struct walk *walk) {
  walk->stream.release(&walk->stream);
  evodb_cancellation_cancel(walk->cancellation); /* has no effect now */
  evodb_cancellation_free(walk->cancellation);
}

static const struct {
  void (*begin)(struct walk *);
  evodb_status (*next)(struct walk *, int64_t *count, char *words);
  void (*cancel)(struct walk *);
  void (*end)(struct walk *);
} kinds[] = {{begin_cursor, next_of_cursor, cancel_cursor, end_cursor},
             {begin_explain, next_of_explain, cancel_explain, end_explain},
             {begin_stream, next_of_stream, cancel_stream, end_stream}};
enum { kind_count = sizeof kinds / sizeof *kinds };

/* To the end or to a failure. Returns the files so far. */
static int64_t run(int kind, struct walk *walk, evodb_status *status, char *words) {
  int64_t given = 0, count = 0;
  do {
    *status = kinds[kind].next(walk, &count, words);
    if (count > 0) given += count;
  } while (*status == EVODB_OK && count != 0);
  return given;
}

static void check_stays_failed(int kind, struct walk *walk, evodb_status status, const char *words) {
  for (int i = 0; i < 3; ++i) {
    char again[512];
    evodb_status same = EVODB_OK;
    CHECK(run(kind, walk, &same, again) == 0);
    CHECK(same == status);
    CHECK(strcmp(words, again) == 0);
  }
}

static void check_whole(int kind) {
  struct walk walk = {0};
  evodb_status status = EVODB_OK;
  char words[512];
  kinds[kind].begin(&walk);
  CHECK(run(kind, &walk, &status, words) == files);
  CHECK(status == EVODB_OK);
  kinds[kind].end(&walk);
}

static void a_failure_is_final(void) {
  void (*break_it[])(const char *) = {lose_a_manifest, spoil_a_manifest};
  for (int kind = 0; kind < kind_count; ++kind) {
    for (int how = 0; how < 2; ++how) {
      char words[512];
      struct walk walk = {0};
      evodb_status status = EVODB_OK;
      plan = plan_of("walked");
      kinds[kind].begin(&walk);
      break_it[how]("walked");
      CHECK(run(kind, &walk, &status, words) < files);
      CHECK(status != EVODB_OK);
      CHECK(strstr(words, strrchr(lost_path, '/')) != NULL);
      restore_the_manifest();
      check_stays_failed(kind, &walk, status, words);
      if (walk.cursor != NULL) {
        evodb_future *future = evodb_file_cursor_fetch(walk.cursor);
        CHECK(evodb_future_is_ready(future) == 1);
        CHECK_STATUS(status, evodb_future_wait(future, -1, &error));
        CHECK(evodb_file_cursor_ready_count(walk.cursor) == 0);
        evodb_future_free(future);
      }
      kinds[kind].end(&walk);
      check_whole(kind);
      evodb_plan_free(plan);
    }
  }
}

struct inside {
  sem_t done;
  struct walk walk;
  evodb_status status;
  int64_t given;
};

static void next_in_callback(void *context) {
  struct inside *inside = context;
  char words[512];
  inside->status = next_of_cursor(&inside->walk, &inside->given, words);
  sem_post(&inside->done);
}

static void a_call_in_the_wrong_place_is_no_failure_of_the_walk(void) {
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    struct inside inside = {0};
    evodb_status status = EVODB_OK;
    char words[512];
    sem_init(&inside.done, 0, 0);
    plan = plan_of("walked");
    begin_cursor(&inside.walk);
    CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_file_cursor_next(inside.walk.cursor, NULL, &error));
    evodb_storage *storage = sample_storage(runtime, "memory://wrong place");
    evodb_future *future = evodb_objects_list(storage, "", 0, NULL);
    CHECK_STATUS(EVODB_OK, evodb_future_on_ready(future, next_in_callback, &inside, &error));
    sem_wait(&inside.done);
    CHECK(inside.status == EVODB_WOULD_DEADLOCK || inside.status == EVODB_OK); /* read by luck */
    if (inside.status == EVODB_WOULD_DEADLOCK) ++refused;
    CHECK(inside.given + run(0, &inside.walk, &status, words) == files);
    CHECK(status == EVODB_OK);
    evodb_future_free(future);
    evodb_storage_free(storage);
    end_cursor(&inside.walk);
    evodb_plan_free(plan);
    sem_destroy(&inside.done);
  }
  CHECK(refused > 0);
}

static void a_cancelled_walk_stays_cancelled(void) {
  for (int kind = 0; kind < kind_count; ++kind) {
    for (int64_t before = 0; before < 2; ++before) { /* nothing was read yet, or something is ready */
      struct walk walk = {0};
      evodb_status status = EVODB_OK;
      int64_t count = 0;
      char words[512];
      plan = plan_of("walked");
      kinds[kind].begin(&walk);
      if (before) CHECK(kinds[kind].next(&walk, &count, words) == EVODB_OK);
      kinds[kind].cancel(&walk);
      CHECK(run(kind, &walk, &status, words) == 0);
      CHECK(status == EVODB_CANCELLED);
      check_stays_failed(kind, &walk, status, words);
      kinds[kind].end(&walk);
      check_whole(kind);

      kinds[kind].begin(&walk);
      CHECK(run(kind, &walk, &status, words) == files);
      kinds[kind].cancel(&walk); /* the end was reached */
      CHECK(run(kind, &walk, &status, words) == 0);
      CHECK(status == EVODB_OK);
      kinds[kind].end(&walk);
      evodb_plan_free(plan);
    }
  }
}

struct canceller {
  int kind;
  struct walk *walk;
  sem_t begin;
};

static void *cancel_elsewhere(void *context) {
  struct canceller *canceller = context;
  sem_wait(&canceller->begin);
  kinds[canceller->kind].cancel(canceller->walk);
  return NULL;
}

static void another_thread_cancels_at_any_time(void) {
  for (int round = 0; round < 60; ++round) {
    struct walk walk = {0};
    struct canceller canceller = {.kind = round % kind_count, .walk = &walk};
    evodb_status status = EVODB_OK;
    pthread_t thread;
    char words[512];
    plan = plan_of("walked");
    kinds[canceller.kind].begin(&walk);
    sem_init(&canceller.begin, 0, 0);
    CHECK(pthread_create(&thread, NULL, cancel_elsewhere, &canceller) == 0);
    sem_post(&canceller.begin);
    const int64_t given = run(canceller.kind, &walk, &status, words);
    CHECK(status == EVODB_CANCELLED || (status == EVODB_OK && given == files));
    pthread_join(thread, NULL);
    check_stays_failed(canceller.kind, &walk, status, words);
    kinds[canceller.kind].end(&walk);
    evodb_plan_free(plan);
    sem_destroy(&canceller.begin);
  }
}

static void a_stream_of_another_maker_has_no_cancellation(void) {
  struct ArrowArrayStream stream = {0};
  evodb_cancellation *cancellation = NULL;
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_plan_stream_cancellation(&stream, &cancellation, &error));
  plan = plan_of("walked");
  CHECK_STATUS(EVODB_OK, evodb_plan_stream(plan, &stream, &error));
  stream.release(&stream);
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_plan_stream_cancellation(&stream, &cancellation, &error));
  CHECK(cancellation == NULL);
  evodb_plan_free(plan);
}

static void what_is_ready_needs_no_waiting(void) {
  evodb_file_cursor *cursor = NULL;
  evodb_bool has_file = 1;
  int64_t given = 0, waits = 0;
  plan = plan_of("walked");
  CHECK_STATUS(EVODB_OK, evodb_plan_files(plan, &cursor, &error));
  CHECK(evodb_file_cursor_ready_count(cursor) == 0);
  while (has_file) {
    int64_t ready = evodb_file_cursor_ready_count(cursor);
    /* Reading goes on while the files before are used. */
    while (ready == 0 && given > 0 && given < files) ready = evodb_file_cursor_ready_count(cursor);
    evodb_future *future = evodb_file_cursor_fetch(cursor);
    if (ready > 0) CHECK(evodb_future_is_ready(future) == 1);
    if (ready == 0) ++waits;
    CHECK_STATUS(EVODB_OK, evodb_future_wait(future, -1, &error));
    evodb_future_free(future);
    const int64_t fetched = evodb_file_cursor_ready_count(cursor);
    if (ready > 0) CHECK(fetched == ready);
    CHECK_STATUS(EVODB_OK, evodb_file_cursor_next(cursor, &has_file, &error));
    CHECK(has_file == (fetched > 0));
    CHECK(evodb_file_cursor_ready_count(cursor) >= (has_file ? fetched - 1 : 0)); /* more may have come */
    given += has_file;
  }
  CHECK(given == files);
  CHECK(waits == 2);                                      /* for the first file, and for the end */
  evodb_future *future = evodb_file_cursor_fetch(cursor); /* also at the end */
  CHECK(evodb_future_is_ready(future) == 1);
  CHECK_STATUS(EVODB_OK, evodb_future_wait(future, 0, &error));
  evodb_future_free(future);
  CHECK(evodb_file_cursor_ready_count(NULL) == 0);
  evodb_file_cursor_free(cursor);
  evodb_plan_free(plan);
}

static void a_fetch_that_is_detached_goes_on(void) {
  struct walk walk = {0};
  evodb_status status = EVODB_OK;
  char words[512];
  plan = plan_of("walked");
  begin_cursor(&walk);
  evodb_future_detach(evodb_file_cursor_fetch(walk.cursor));
  CHECK(run(0, &walk, &status, words) == files);
  end_cursor(&walk);
  begin_explain(&walk);
  evodb_future_detach(evodb_explain_cursor_fetch(walk.explain));
  CHECK(run(1, &walk, &status, words) == files);
  CHECK(status == EVODB_OK);
  end_explain(&walk);
  evodb_plan_free(plan);
}

static void what_was_read_is_found_again(void) {
  evodb_runtime *without_cache = runtime;
  runtime = sample_runtime();
  for (int round = 0; round < 2; ++round) { /* each with a storage of its own */
    plan = plan_of("walked");
    check_whole(0);
    evodb_plan_free(plan);
    CHECK(evodb_runtime_count(runtime, EVODB_RUNTIME_CACHE_MISSES) == files);
    CHECK(evodb_runtime_count(runtime, EVODB_RUNTIME_CACHE_HITS) == round * files);
  }
  const int64_t kept = evodb_runtime_count(runtime, EVODB_RUNTIME_CACHE_BYTES);
  CHECK(kept > 0);
  CHECK(evodb_runtime_count(runtime, EVODB_RUNTIME_MEMORY_BYTES) >= kept);
  CHECK(evodb_runtime_count(runtime, 5) == -1);
  CHECK(evodb_runtime_count(NULL, EVODB_RUNTIME_CACHE_HITS) == 0);
  evodb_runtime_free(runtime);
  runtime = without_cache;
  CHECK(evodb_runtime_count(runtime, EVODB_RUNTIME_CACHE_BYTES) == 0);
  CHECK(evodb_runtime_count(runtime, EVODB_RUNTIME_CACHE_HITS) == 0);
}

/* The sample has none: of a file without delete files, as of no file and of no cursor. */
static void a_file_without_deletes_has_none(void) {
  evodb_options *options = NULL;
  evodb_file_cursor *cursor = NULL;
  CHECK_STATUS(EVODB_OK, evodb_options_new(&options, &error));
  CHECK_STATUS(EVODB_OK, evodb_options_set_bool(options, "plan.with-deletes", -1, 1, &error));
  plan = plan_with("walked", options);
  CHECK_STATUS(EVODB_OK, evodb_plan_files(plan, &cursor, &error));
  const evodb_file_cursor *const none[] = {NULL, cursor, cursor};
  for (int i = 0; i < 3; ++i) {
    const evodb_file_cursor *at = none[i];
    evodb_bool has_file = 0;
    if (i == 2) CHECK_STATUS(EVODB_OK, evodb_file_cursor_next(cursor, &has_file, &error));
    CHECK(evodb_file_cursor_delete_file_count(at) == 0);
    const int64_t indexes[] = {0, -1, INT64_MAX, INT64_MIN};
    for (int n = 0; n < 4; ++n) {
      const int64_t index = indexes[n];
      int64_t length = 7, ids = 7;
      const int32_t *list = (const int32_t *)&length;
      CHECK(evodb_file_cursor_delete_file_path(at, index, &length)[0] == 0 && length == 0);
      CHECK(evodb_file_cursor_delete_file_content(at, index, NULL)[0] == 0);
      CHECK(evodb_file_cursor_delete_file_format(at, index, NULL)[0] == 0);
      CHECK(evodb_file_cursor_delete_file_referenced_data_file(at, index, NULL)[0] == 0);
      CHECK(evodb_file_cursor_delete_file_record_count(at, index) == -1);
      CHECK(evodb_file_cursor_delete_file_size_in_bytes(at, index) == -1);
      CHECK(evodb_file_cursor_delete_file_content_offset(at, index) == -1);
      CHECK(evodb_file_cursor_delete_file_content_size_in_bytes(at, index) == -1);
      CHECK(evodb_file_cursor_delete_file_data_sequence_number(at, index) == -1);
      CHECK(evodb_file_cursor_delete_file_spec_id(at, index) == -1);
      evodb_file_cursor_delete_file_equality_ids(at, index, &list, &ids);
      CHECK(list == NULL && ids == 0);
      evodb_file_cursor_delete_file_equality_ids(at, index, NULL, NULL);
    }
  }
  evodb_file_cursor_free(cursor);
  evodb_plan_free(plan);
  evodb_options_free(options);
}

int main(void) {
  evodb_options *options = NULL;
  CHECK_STATUS(EVODB_OK, evodb_options_new(&options, &error));
  /* Few manifests are then read at a time. */
  CHECK_STATUS(EVODB_OK, evodb_options_set_int64(options, "runtime.cpu-threads", -1, 1, &error));
  /* So that every walk meets what happens to the files. */
  CHECK_STATUS(EVODB_OK, evodb_options_set_int64(options, "runtime.cache-bytes", -1, 0, &error));
  CHECK_STATUS(EVODB_OK, evodb_runtime_open(options, &runtime, &error));
  evodb_options_free(options);
  make_table("walked");
  a_failure_is_final();
  a_call_in_the_wrong_place_is_no_failure_of_the_walk();
  a_cancelled_walk_stays_cancelled();
  another_thread_cancels_at_any_time();
  a_stream_of_another_maker_has_no_cancellation();
  what_is_ready_needs_no_waiting();
  a_fetch_that_is_detached_goes_on();
  what_was_read_is_found_again();
  a_file_without_deletes_has_none();
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
