#include "api.h"

namespace tool {

failure::failure(evodb_status why, std::string text, std::string about)
    : code(why), message(std::move(text)), subject(std::move(about)) {}

failure::failure(evodb_error *error) {
  code = evodb_error_code(error);
  message = text_of(evodb_error_message, error);
  subject = text_of(evodb_error_subject, error);
  store_code = text_of(evodb_error_store_code, error);
  request_id = text_of(evodb_error_request_id, error);
  token = text_of(evodb_error_token, error);
  http_status = evodb_error_http_status(error);
  evodb_error_free(error);
}

failure usage_failure(evodb_status code, std::string message) {
  failure wrong(code, std::move(message));
  wrong.is_before_io = true;
  return wrong;
}

options_handle new_options() {
  return make<options_handle>([](auto **out, auto **error) { return evodb_options_new(out, error); });
}

void set_option(const options_handle &options, std::string_view key, std::string_view value) {
  check([&](auto **error) {
    return evodb_options_set_string(options.get(), key.data(), size_of(key), value.data(), size_of(value), error);
  });
}

void set_option(const options_handle &options, std::string_view key, std::int64_t value) {
  check([&](auto **error) { return evodb_options_set_int64(options.get(), key.data(), size_of(key), value, error); });
}

void set_option(const options_handle &options, std::string_view key, bool value) {
  check([&](auto **error) {
    return evodb_options_set_bool(options.get(), key.data(), size_of(key), value ? 1 : 0, error);
  });
}

}  // namespace tool
