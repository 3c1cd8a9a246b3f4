#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/storage.h"
#include "io/storage.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

/// One object of a listing, with its absolute path.
struct listed_object {
  std::string path;
  std::int64_t size = 0;
  std::int64_t last_modified_ms = 0;
};
using listed_objects = std::vector<listed_object>;

}  // namespace

struct evodb_listing {
  std::shared_ptr<const listed_objects> all;
};

evodb_future *evodb_objects_list(evodb_storage *storage, const char *path, int64_t path_length,
                                 const evodb_options *options) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    const auto where = storage->tables->storage();
    option_reader reader(options);
    list_options how;
    how.limit = reader.integer("list.limit", 1, std::int64_t{1} << 40).value_or(-1);
    if (const std::optional<std::string> after = reader.text("list.start-after"))
      how.start_after = where->key_of(*after);
    reader.finish();
    location folder = where->locate(text_in(path, path_length, "path"));
    how.prefix = folder.key.empty() || folder.key.ends_with('/') ? folder.key : folder.key + "/";
    return [where, folder, how]() -> task<listed_objects> {
      list_options own = how;
      const listing found = co_await where->store().list(std::move(own));
      listed_objects all;
      for (const object_meta &one : found.objects) {
        location at = folder;
        at.key = one.key;
        all.push_back({at.to_text(), one.size, one.last_modified_ms});
      }
      co_return std::move(all);
    };
  });
}

evodb_status evodb_future_take_listing(evodb_future *future, int64_t timeout_ms, evodb_listing **out_listing,
                                       evodb_error **error) {
  return guarded(error, [&] {
    require(out_listing, "out_listing");
    *out_listing = new evodb_listing{take<listed_objects>(future, timeout_ms)};
  });
}

void evodb_listing_free(evodb_listing *listing) {
  delete listing;
}

int64_t evodb_listing_count(const evodb_listing *listing) {
  return listing == nullptr ? 0 : static_cast<int64_t>(listing->all->size());
}

evodb_status evodb_listing_get(const evodb_listing *listing, int64_t index, const char **out_path,
                               int64_t *out_path_length, int64_t *out_size, int64_t *out_last_modified_ms,
                               evodb_error **error) {
  return guarded(error, [&] {
    require(listing, "listing");
    const listed_object &one = checked_at(*listing->all, index);
    text_out(one.path, out_path, out_path_length);
    if (out_size != nullptr) *out_size = one.size;
    if (out_last_modified_ms != nullptr) *out_last_modified_ms = one.last_modified_ms;
  });
}
