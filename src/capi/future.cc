#include "capi/future.h"

#include <utility>

using namespace evodb;
using namespace evodb::capi;

namespace {

/// Throws the failure of the operation, or of the wait.
void wait(const evodb_future *future, std::int64_t timeout_ms) {
  require(future, "future");
  if (future->runtime) check_process(*future->runtime);
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
    if (!future->runtime)
      fail(status::INVALID_ARGUMENT, "the call was given no handle, so there is no thread for a callback");
    check_process(*future->runtime);
    if (!future->operation->on_ready([callback, context] { callback(context); })) {
      fail(status::ALREADY_EXISTS, "the future has a callback already");
    }
  });
}

namespace evodb::capi {

evodb_future *make_future(std::shared_ptr<runtime> on, std::type_index result_type,
                          const std::function<std::shared_ptr<operation>()> &prepare) noexcept {
  std::shared_ptr<operation> started;
  try {
    if (on) check_process(*on);
    started = prepare();
  } catch (...) {
    started = operation::failed(on, std::current_exception());
  }
  return new evodb_future{std::move(on), std::move(started), result_type};
}

std::shared_ptr<void> take(evodb_future *future, std::int64_t timeout_ms, std::type_index expected) {
  wait(future, timeout_ms);
  if (future->result_type != expected)
    fail(status::INVALID_ARGUMENT, "the future's result is of another kind than this function takes");
  std::shared_ptr<void> taken = future->operation->take();
  if (!taken) fail(status::INVALID_ARGUMENT, "the result was taken before");
  return taken;
}

}  // namespace evodb::capi
