#include "capi/options.h"

#include "capi/boundary.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

using option_value = std::variant<std::string, std::int64_t, bool>;

evodb_status set(evodb_options *options, const char *key, std::int64_t key_length, option_value value,
                 evodb_error **error) {
  return guarded(error, [&] {
    require(options, "options");
    const std::string_view name = text_in(key, key_length, "key");
    if (name.empty()) fail(status::INVALID_ARGUMENT, "an option's key is empty");
    options->values.insert_or_assign(std::string(name), std::move(value));
  });
}

}  // namespace

evodb_status evodb_options_new(evodb_options **out_options, evodb_error **error) {
  return guarded(error, [&] {
    require(out_options, "out_options");
    *out_options = new evodb_options;
  });
}

void evodb_options_free(evodb_options *options) {
  delete options;
}

evodb_status evodb_options_set_string(evodb_options *options, const char *key, int64_t key_length, const char *value,
                                      int64_t value_length, evodb_error **error) {
  std::string text;
  const evodb_status checked = guarded(error, [&] { text = text_in(value, value_length, "value"); });
  return checked != EVODB_OK ? checked : set(options, key, key_length, std::move(text), error);
}

evodb_status evodb_options_set_int64(evodb_options *options, const char *key, int64_t key_length, int64_t value,
                                     evodb_error **error) {
  return set(options, key, key_length, value, error);
}

evodb_status evodb_options_set_bool(evodb_options *options, const char *key, int64_t key_length, evodb_bool value,
                                    evodb_error **error) {
  return set(options, key, key_length, value != 0, error);
}

evodb_status evodb_options_set_credentials(evodb_options *options, evodb_credentials_callback callback, void *context,
                                           evodb_error **error) {
  return guarded(error, [&] {
    require(options, "options");
    require(reinterpret_cast<const void *>(callback), "callback");
    options->credentials = [callback, context] { return callback(context); };
  });
}
