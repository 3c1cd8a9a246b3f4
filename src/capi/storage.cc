#include "io/storage.h"
#include "capi/boundary.h"
#include "capi/handles.h"
#include "capi/option_reader.h"

using namespace evodb;
using namespace evodb::capi;

evodb_status evodb_storage_open(evodb_runtime *runtime, const char *location, int64_t location_length,
                                const evodb_options *options, evodb_storage **out_storage, evodb_error **error) {
  return guarded(error, [&] {
    require(runtime, "runtime");
    require(out_storage, "out_storage");
    check_process(*runtime->environment);
    option_reader(options).finish();
    const std::string_view text = text_in(location, location_length, "location");
    if (text.empty()) fail(status::INVALID_ARGUMENT, "location is empty");
    auto opened = storage::open(runtime->environment, text);
    auto handle = std::make_unique<evodb_storage>();
    handle->location = opened->root().to_text();
    handle->tables = std::make_shared<open_tables>(std::move(opened));
    *out_storage = handle.release();
  });
}

void evodb_storage_free(evodb_storage *storage) {
  delete storage;
}

const char *evodb_storage_location(const evodb_storage *storage, int64_t *out_length) {
  return text_out(storage == nullptr ? std::string_view() : storage->location, out_length);
}
