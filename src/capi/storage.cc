#include "capi/storage.h"

#include <array>

#include "capi/boundary.h"
#include "capi/credentials.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/options.h"
#include "capi/runtime.h"
#include "io/open/open_storage.h"

using namespace evodb;
using namespace evodb::capi;

namespace evodb::capi {

std::shared_ptr<runtime> runtime_of(const evodb_storage *storage) noexcept {
  return storage == nullptr ? nullptr : storage->tables->storage()->runtime();
}

}  // namespace evodb::capi

namespace {

s3_options read_bucket_options(const evodb_options *options) {
  constexpr std::int64_t longest_ms = std::int64_t{24} * 3600 * 1000;
  option_reader reader(options);
  s3_options read;
  read.profile = reader.text("storage.profile");
  read.endpoint = reader.text("storage.endpoint");
  read.account_id = reader.text("storage.account-id");
  read.jurisdiction = reader.text("storage.jurisdiction");
  read.region = reader.text("storage.region");
  read.access_key_id = reader.text("storage.access-key-id");
  read.secret_access_key = reader.text("storage.secret-access-key");
  read.session_token = reader.text("storage.session-token");
  read.ca_file = reader.text("storage.ca-file");
  read.is_path_style = reader.boolean("storage.path-style");
  read.allows_http = reader.boolean("storage.allow-http");
  read.max_connections = reader.integer("storage.max-connections", 1, 4096);
  read.connect_timeout_ms = reader.integer("storage.connect-timeout-ms", 1, longest_ms);
  read.attempt_timeout_ms = reader.integer("storage.attempt-timeout-ms", 1, longest_ms);
  read.retry_budget_ms = reader.integer("storage.retry-budget-ms", 0, longest_ms);
  reader.finish();
  if (options != nullptr && options->credentials) {
    read.provider = [ask = options->credentials]() -> std::optional<expiring_credentials> {
      const std::unique_ptr<evodb_credentials> given(ask());
      return given ? std::optional(given->value) : std::nullopt;
    };
  }
  return read;
}

}  // namespace

evodb_status evodb_storage_open(evodb_runtime *runtime, const char *location, int64_t location_length,
                                const evodb_options *options, evodb_storage **out_storage, evodb_error **error) {
  return guarded(error, [&] {
    require(runtime, "runtime");
    require(out_storage, "out_storage");
    check_process(*runtime->value);
    s3_options of_bucket = read_bucket_options(options);
    const std::string_view text = text_in(location, location_length, "location");
    if (text.empty()) fail(status::INVALID_ARGUMENT, "location is empty");
    auto opened = open_storage(runtime->value, text, std::move(of_bucket), &runtime->in_memory);
    auto handle = std::make_unique<evodb_storage>();
    handle->location = opened->root().to_text();
    handle->tables = std::make_shared<open_tables>(std::move(opened));
    *out_storage = handle.release();
  });
}

void evodb_storage_free(evodb_storage *storage) {
  delete storage;
}

evodb_future *evodb_storage_flush(evodb_storage *storage) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    return [where = storage->tables->storage()]() -> task<> { co_await where->background().finish(); };
  });
}

int64_t evodb_storage_count(const evodb_storage *storage, int32_t counter) {
  static constexpr std::array in_order = {store_counter::gets,
                                          store_counter::heads,
                                          store_counter::puts,
                                          store_counter::lists,
                                          store_counter::deletes,
                                          store_counter::retries,
                                          store_counter::bytes_sent,
                                          store_counter::bytes_received,
                                          store_counter::class_a,
                                          store_counter::class_b,
                                          store_counter::connections_opened,
                                          store_counter::connections_in_use,
                                          store_counter::waits_for_a_connection};
  static_assert(in_order.size() == EVODB_STORAGE_WAITS_FOR_A_CONNECTION);
  if (storage == nullptr) return 0;
  const auto place = static_cast<std::size_t>(static_cast<std::int64_t>(counter) - 1);
  if (place >= in_order.size()) return -1;
  return storage->tables->storage()->store().count_of(in_order.at(place));
}

const char *evodb_storage_location(const evodb_storage *storage, int64_t *out_length) {
  return text_out(storage == nullptr ? std::string_view() : storage->location, out_length);
}
