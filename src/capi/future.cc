#include "capi/future.h"

#include <utility>

using namespace evodb;
using namespace evodb::capi;

namespace {

/// Throws what the operation failed with, or why there was no waiting for it.
void wait(const evodb_future *future, std::int64_t timeout_ms) {
  require(future, "future");
  if (future->environment) check_process(*future->environment);
  if (timeout_ms < -1) fail(status::INVALID_ARGUMENT, "timeout_ms is below -1");
  switch (future->operation->wait(timeout_ms)) {
    case operation::wait_result::ready:
      break;
    case operation::wait_result::timed_out:
      fail(status::WAIT_TIMED_OUT, "the operation is still running");
    case operation::wait_result::would_deadlock:
      fail(status::WOULD_DEADLOCK, "waiting inside a callback would wait for itself");
  }
  if (const std::exception_ptr failure = future->operation->failure()) std::rethrow_exception(failure);
}

}  // namespace

void evodb_future_free(evodb_future *future) {
  if (future == nullptr) return;
  future->operation->cancel();
  delete future;
}

void evodb_future_detach(evodb_future *future) {
  delete future;
}

evodb_status evodb_future_wait(const evodb_future *future, int64_t timeout_ms, evodb_error **error) {
  return guarded(error, [&] { wait(future, timeout_ms); });
}

evodb_bool evodb_future_is_ready(const evodb_future *future) {
  return future != nullptr && future->operation->is_ready() ? 1 : 0;
}

const char *evodb_future_operation_id(const evodb_future *future, int64_t *out_length) {
  return text_out(future == nullptr ? std::string_view() : future->operation->id(), out_length);
}

void evodb_future_progress(const evodb_future *future, int64_t *out_done_bytes, int64_t *out_total_bytes) {
  const bool has_progress = future != nullptr && future->progress;
  if (out_done_bytes != nullptr) *out_done_bytes = has_progress ? future->progress->done_bytes.load() : 0;
  if (out_total_bytes != nullptr) *out_total_bytes = has_progress ? future->progress->total_bytes.load() : 0;
}

void evodb_future_cancel(const evodb_future *future) {
  if (future != nullptr) future->operation->cancel();
}

evodb_status evodb_future_on_ready(const evodb_future *future, evodb_ready_callback callback, void *context,
                                   evodb_error **error) {
  return guarded(error, [&] {
    require(future, "future");
    if (callback == nullptr) fail(status::INVALID_ARGUMENT, "callback is NULL");
    if (!future->environment)
      fail(status::INVALID_ARGUMENT, "the call was given no handle, so there is no thread for a callback");
    check_process(*future->environment);
    if (!future->operation->on_ready([callback, context] { callback(context); })) {
      fail(status::ALREADY_EXISTS, "the future has a callback already");
    }
  });
}

evodb_status evodb_future_take_table(evodb_future *future, int64_t timeout_ms, evodb_table **out_table,
                                     evodb_error **error) {
  return guarded(error, [&] {
    require(out_table, "out_table");
    *out_table = new evodb_table(*take(future, timeout_ms, result::kind::table)->table);
  });
}

evodb_status evodb_future_take_data_files(evodb_future *future, int64_t timeout_ms, evodb_data_files **out_data_files,
                                          evodb_error **error) {
  return guarded(error, [&] {
    require(out_data_files, "out_data_files");
    *out_data_files = new evodb_data_files(take(future, timeout_ms, result::kind::data_files)->files);
  });
}

evodb_status evodb_future_take_schema(evodb_future *future, int64_t timeout_ms, evodb_schema **out_schema,
                                      evodb_error **error) {
  return guarded(error, [&] {
    require(out_schema, "out_schema");
    *out_schema = new_schema_handle(take(future, timeout_ms, result::kind::schema)->columns);
  });
}

evodb_status evodb_future_take_plan(evodb_future *future, int64_t timeout_ms, evodb_plan **out_plan,
                                    evodb_error **error) {
  return guarded(error, [&] {
    require(out_plan, "out_plan");
    *out_plan = new evodb_plan{take(future, timeout_ms, result::kind::plan)->plan};
  });
}

evodb_status evodb_future_take_resolution(evodb_future *future, int64_t timeout_ms, int32_t *out_resolution,
                                          int64_t *out_version, int64_t *out_snapshot_id, evodb_error **error) {
  return guarded(error, [&] {
    require(out_resolution, "out_resolution");
    const resolution found = take(future, timeout_ms, result::kind::resolution)->resolution;
    *out_resolution = found.what == resolution::kind::committed ? EVODB_RESOLUTION_COMMITTED
                      : found.what == resolution::kind::lost    ? EVODB_RESOLUTION_LOST
                                                                : EVODB_RESOLUTION_UNKNOWN;
    if (out_version != nullptr) *out_version = found.version.value_or(-1);
    if (out_snapshot_id != nullptr) *out_snapshot_id = found.snapshot_id.value_or(-1);
  });
}

namespace evodb::capi {

evodb_future *start(std::shared_ptr<runtime> environment, result::kind kind,
                    const std::function<operation_body()> &prepare, const char *name) noexcept {
  std::shared_ptr<operation> started;
  try {
    if (environment) check_process(*environment);
    operation_body work = prepare();
    auto run = [work = std::move(work)]() -> task<std::shared_ptr<void>> {
      result came_to = co_await work();
      co_return std::make_shared<result>(std::move(came_to));
    };
    started = operation::start(environment, std::move(run), name);
  } catch (...) {
    started = operation::failed(environment, std::current_exception());
  }
  return new evodb_future{std::move(environment), std::move(started), kind};
}

evodb_future *fetch(std::shared_ptr<runtime> environment,
                    const std::function<std::shared_ptr<operation>()> &prepare) noexcept {
  std::shared_ptr<operation> found;
  try {
    if (environment) check_process(*environment);
    found = prepare();
  } catch (...) {
    found = operation::failed(environment, std::current_exception());
  }
  return new evodb_future{std::move(environment), std::move(found), result::kind::nothing};
}

std::shared_ptr<result> take(evodb_future *future, std::int64_t timeout_ms, result::kind expected) {
  wait(future, timeout_ms);
  if (future->kind != expected)
    fail(status::INVALID_ARGUMENT, "the future's result is of another kind than this function takes");
  const std::shared_ptr<void> taken = future->operation->take();
  if (!taken) fail(status::INVALID_ARGUMENT, "the result was taken before");
  return std::static_pointer_cast<result>(taken);
}

}  // namespace evodb::capi
