/* Futures: waiting, taking, cancelling, callbacks. */
#include <pthread.h>
#include <semaphore.h>

#include "check.h"
#include "sample.h"

static evodb_storage *local;

static void takes_once_and_only_its_kind(void) {
  evodb_table *made = sample_table(local, "kinds");
  evodb_future *future = evodb_table_commit(made, NULL);
  evodb_plan *plan = NULL;
  evodb_table *table = NULL, *again = NULL;
  CHECK_STATUS(EVODB_OK, evodb_future_wait(future, -1, &error));
  CHECK(evodb_future_is_ready(future) == 1);
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_future_take_plan(future, -1, &plan, &error));
  CHECK_STATUS(EVODB_OK, evodb_future_take_table(future, 0, &table, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_future_take_table(future, 0, &again, &error));
  CHECK(plan == NULL && table != NULL && again == NULL);
  CHECK_STATUS(EVODB_OK, evodb_future_wait(future, 0, &error)); /* its status is still available */
  evodb_future_free(future);
  evodb_table_free(table);
  evodb_table_free(made);
}

static void failure_is_reported_each_time(void) {
  evodb_future *future = evodb_table_open(local, "no/such/table", -1, NULL);
  evodb_table *table = NULL;
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_future_take_table(future, -1, &table, &error));
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_future_take_table(future, -1, &table, &error));
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_future_wait(future, -1, &error));
  CHECK(table == NULL);
  evodb_future_free(future);
}

/* A commit writes and synchronises several files: a poll right after its start almost always finds it running. */
static void looking_does_not_wait(void) {
  evodb_table *table = sample_committed(local, "looks");
  int found_running = 0;
  for (int i = 0; i < 100; ++i) {
    char path[64];
    snprintf(path, sizeof path, "data/%d.parquet", i);
    evodb_table *appended = sample_append(table, path, 1);
    evodb_future *future = evodb_table_commit(appended, NULL);
    const evodb_status polled = evodb_future_wait(future, 0, NULL);
    if (polled == EVODB_WAIT_TIMED_OUT) ++found_running;
    CHECK(polled == EVODB_WAIT_TIMED_OUT || polled == EVODB_OK);
    evodb_table *committed = NULL;
    CHECK_STATUS(EVODB_OK, evodb_future_take_table(future, 60000, &committed, &error)); /* the poll changed nothing */
    evodb_future_free(future);
    evodb_table_free(appended);
    evodb_table_free(table);
    table = committed;
  }
  CHECK(found_running > 0);
  evodb_table_free(table);
}

static void cancelled_says_the_truth(void) {
  evodb_table *table = sample_committed(local, "cancels");
  int64_t committed_files = 0, cancelled = 0;
  for (int i = 0; i < 200; ++i) {
    char path[64];
    snprintf(path, sizeof path, "data/%d.parquet", i);
    evodb_table *appended = sample_append(table, path, 1);
    evodb_future *future = evodb_table_commit(appended, NULL);
    for (volatile int spin = 0; spin < i * 2000; ++spin) {
    }
    evodb_future_cancel(future);
    evodb_future_cancel(future);
    const evodb_status end = evodb_future_wait(future, 60000, NULL);
    if (end == EVODB_OK) ++committed_files;
    if (end == EVODB_CANCELLED) ++cancelled;
    if (end == EVODB_COMMIT_STATE_UNKNOWN) { /* committing the same value again determines the outcome */
      evodb_table_free(sample_commit(appended));
      ++committed_files;
    }
    CHECK(end == EVODB_OK || end == EVODB_CANCELLED || end == EVODB_COMMIT_STATE_UNKNOWN);
    evodb_future_free(future);
    evodb_table_free(appended);
  }
  evodb_table *now = sample_open(local, "cancels");
  int64_t rows = 0;
  CHECK(sample_files(now, &rows) == committed_files);
  CHECK(cancelled > 0);
  printf("cancelled commits: %lld of 200 ended early, %lld were committed\n", (long long)cancelled,
         (long long)committed_files);
  evodb_table_free(now);
  evodb_table_free(table);
}

struct seen {
  sem_t done;
  atomic_int calls;
  pthread_t thread;
  evodb_future *future;
  evodb_status wait_inside;
  evodb_table *table;
  evodb_storage *storage;
  evodb_runtime *runtime;
};

static void note(void *context) {
  struct seen *seen = context;
  seen->thread = pthread_self();
  atomic_fetch_add(&seen->calls, 1);
  sem_post(&seen->done);
}

static void callback_fires_once_elsewhere(void) {
  for (int late = 0; late < 2; ++late) {
    struct seen seen = {0};
    sem_init(&seen.done, 0, 0);
    struct seen refused = {0};
    evodb_future *future = evodb_table_open(local, "looks", -1, NULL);
    if (late) CHECK_STATUS(EVODB_OK, evodb_future_wait(future, -1, &error));
    CHECK_STATUS(EVODB_OK, evodb_future_on_ready(future, note, &seen, &error));
    CHECK_STATUS(EVODB_ALREADY_EXISTS, evodb_future_on_ready(future, note, &refused, &error));
    sem_wait(&seen.done);
    CHECK(atomic_load(&refused.calls) == 0);
    CHECK(evodb_future_is_ready(future) == 1);
    CHECK(!pthread_equal(seen.thread, pthread_self()));
    evodb_future_free(future);
    CHECK(atomic_load(&seen.calls) == 1);
    sem_destroy(&seen.done);
  }
}

static void callback_fires_after_the_future_is_freed(void) {
  struct seen seen = {0};
  sem_init(&seen.done, 0, 0);
  evodb_table *table = sample_table(local, "freed");
  evodb_future *future = evodb_table_commit(table, NULL);
  CHECK_STATUS(EVODB_OK, evodb_future_on_ready(future, note, &seen, &error));
  evodb_future_free(future);
  sem_wait(&seen.done);
  evodb_table_free(table);
  sem_destroy(&seen.done);
}

/* Nothing prevents this commit, so it succeeds, although nothing waits for it. */
static void detached_goes_on(void) {
  struct seen seen = {0};
  sem_init(&seen.done, 0, 0);
  evodb_table *table = sample_committed(local, "detached");
  evodb_table *appended = sample_append(table, "data/a.parquet", 1);
  evodb_future *future = evodb_table_commit(appended, NULL);
  CHECK_STATUS(EVODB_OK, evodb_future_on_ready(future, note, &seen, &error));
  evodb_future_detach(future);
  sem_wait(&seen.done);
  evodb_table *now = sample_open(local, "detached");
  int64_t rows = 0;
  CHECK(sample_files(now, &rows) == 1);
  evodb_table_free(now);
  evodb_table_free(appended);
  evodb_table_free(table);
  evodb_future_detach(evodb_table_open(local, "no/such/table", -1, NULL)); /* its failure is lost */
  evodb_future_detach(evodb_table_open(NULL, "x", -1, NULL));
  evodb_future_detach(NULL);
  sem_destroy(&seen.done);
}

static void wait_in_callback(void *context) {
  struct seen *seen = context;
  evodb_future *future = evodb_table_commit(seen->table, NULL);
  seen->wait_inside = evodb_future_wait(future, -1, NULL);
  evodb_table *table = NULL; /* the future that is ready may be taken here */
  CHECK_STATUS(EVODB_OK, evodb_future_take_table(seen->future, -1, &table, &error));
  evodb_table_free(table);
  evodb_future_free(future);
  sem_post(&seen->done);
}

static void waiting_inside_a_callback_is_refused(void) {
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    struct seen seen = {0};
    char name[32];
    snprintf(name, sizeof name, "inside-%d", i);
    sem_init(&seen.done, 0, 0);
    seen.table = sample_table(local, name);
    seen.future = evodb_table_open(local, "looks", -1, NULL);
    CHECK_STATUS(EVODB_OK, evodb_future_on_ready(seen.future, wait_in_callback, &seen, &error));
    sem_wait(&seen.done);
    CHECK(seen.wait_inside == EVODB_WOULD_DEADLOCK || seen.wait_inside == EVODB_OK); /* it may be ready already */
    if (seen.wait_inside == EVODB_WOULD_DEADLOCK) ++refused;
    evodb_future_free(seen.future);
    evodb_table_free(seen.table);
    sem_destroy(&seen.done);
  }
  CHECK(refused > 0);
}

static void free_everything(void *context) {
  struct seen *seen = context;
  evodb_future_free(seen->future);
  evodb_table_free(seen->table);
  evodb_storage_free(seen->storage);
  evodb_runtime_free(seen->runtime);
  sem_post(&seen->done);
}

static void everything_may_be_freed_inside_a_callback(void) {
  for (int i = 0; i < 20; ++i) {
    struct seen seen = {0};
    sem_init(&seen.done, 0, 0);
    seen.runtime = sample_runtime();
    seen.storage = sample_storage(seen.runtime, "memory://last");
    seen.table = sample_table(seen.storage, "last");
    seen.future = evodb_table_commit(seen.table, NULL);
    CHECK_STATUS(EVODB_OK, evodb_future_on_ready(seen.future, free_everything, &seen, &error));
    sem_wait(&seen.done);
    sem_destroy(&seen.done);
  }
}

static void wrong_arguments_arrive_through_the_future(void) {
  evodb_future *future = evodb_table_open(NULL, "x", -1, NULL);
  struct seen seen = {0};
  CHECK(future != NULL);
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_future_wait(future, -1, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_future_on_ready(future, note, &seen, &error)); /* no runtime, no thread */
  CHECK(atomic_load(&seen.calls) == 0);
  evodb_future_free(future);
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  local = sample_storage(runtime, sample_folder());
  takes_once_and_only_its_kind();
  failure_is_reported_each_time();
  looking_does_not_wait();
  cancelled_says_the_truth();
  detached_goes_on();
  callback_fires_once_elsewhere();
  callback_fires_after_the_future_is_freed();
  waiting_inside_a_callback_is_refused();
  everything_may_be_freed_inside_a_callback();
  wrong_arguments_arrive_through_the_future();
  evodb_storage_free(local);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
