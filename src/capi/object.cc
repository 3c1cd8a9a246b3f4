#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/storage.h"
#include "io/storage.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_object {
  std::shared_ptr<const object> value;
};

namespace {

put_options read_put_options(const evodb_options *options) {
  option_reader reader(options);
  put_options read;
  if (reader.boolean("write.if-absent").value_or(false)) read.condition = put_condition(put_condition::kind::if_absent);
  if (std::optional<std::string> type = reader.text("write.content-type")) read.content_type = std::move(*type);
  reader.finish();
  return read;
}

void require_done(const put_outcome &outcome, const location &at) {
  if (outcome.what == put_outcome::kind::done) return;
  if (outcome.what == put_outcome::kind::exists)
    fail(status::ALREADY_EXISTS, "there is an object already", at.to_text());
  throw outcome.reason.value_or(error(status::STORAGE_UNAVAILABLE, "it could not be stored", at.to_text()));
}

}  // namespace

void evodb_object_free(evodb_object *object) {
  delete object;
}

const uint8_t *evodb_object_data(const evodb_object *object, int64_t *out_length) {
  const byte_view body = object == nullptr ? byte_view() : byte_view(object->value->body);
  if (out_length != nullptr) *out_length = static_cast<int64_t>(body.size());
  return reinterpret_cast<const uint8_t *>(body.data());
}

int64_t evodb_object_size(const evodb_object *object) {
  return object == nullptr ? 0 : object->value->meta.size;
}

int64_t evodb_object_last_modified_ms(const evodb_object *object) {
  return object == nullptr ? 0 : object->value->meta.last_modified_ms;
}

evodb_future *evodb_object_read(evodb_storage *storage, const char *path, int64_t path_length,
                                const evodb_options *options) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    constexpr std::int64_t farthest = std::int64_t{1} << 62;
    option_reader reader(options);
    byte_range range;
    range.offset = reader.integer("read.offset", -farthest, farthest).value_or(0);
    range.length = reader.integer("read.length", 0, farthest).value_or(-1);
    reader.finish();
    const auto where = storage->tables->storage();
    return [where, at = where->locate(text_in(path, path_length, "path")), range]() -> task<object> {
      std::string key = at.key;
      std::optional<object> found = co_await where->store().get(std::move(key), range);
      if (!found) fail(status::NOT_FOUND, "no such object", at.to_text());
      co_return std::move(*found);
    };
  });
}

evodb_status evodb_future_take_object(evodb_future *future, int64_t timeout_ms, evodb_object **out_object,
                                      evodb_error **error) {
  return guarded(error, [&] {
    require(out_object, "out_object");
    *out_object = new evodb_object{take<object>(future, timeout_ms)};
  });
}

evodb_future *evodb_object_write(evodb_storage *storage, const char *path, int64_t path_length, const uint8_t *value,
                                 int64_t value_length, const evodb_options *options) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    const auto where = storage->tables->storage();
    const auto body = std::make_shared<const bytes>(octets_in(value, value_length, "value"));
    return [where, at = where->locate(text_in(path, path_length, "path")), body,
            how = read_put_options(options)]() -> task<> {
      std::string key = at.key;
      put_options own = how;
      const put_outcome outcome = co_await where->store().put(std::move(key), body, std::move(own));
      require_done(outcome, at);
    };
  });
}

evodb_future *evodb_objects_delete(evodb_storage *storage, const char *const *paths, const int64_t *path_lengths,
                                   int64_t path_count) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    const auto where = storage->tables->storage();
    std::vector<std::string> keys;
    for (const std::string &path : texts_in(paths, path_lengths, path_count, "paths"))
      keys.push_back(where->key_of(path));
    return [where, keys]() -> task<> {
      std::vector<std::string> own = keys;
      if (!own.empty()) co_await where->store().remove(std::move(own));
    };
  });
}
