#include <fmt/format.h>

#include <charconv>

#include "capi/boundary.h"
#include "capi/handles.h"
#include "capi/option_reader.h"

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

[[noreturn]] void refuse(std::string_view key, std::string_view expected) {
  fail(status::INVALID_ARGUMENT, fmt::format("option {}: expected {}", key, expected), std::string(key));
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

void evodb_credentials_free(evodb_credentials *credentials) {
  delete credentials;
}

evodb_status evodb_credentials_new(const char *key, int64_t key_length, const char *secret, int64_t secret_length,
                                   const char *token, int64_t token_length, int64_t expires_at_ms,
                                   evodb_credentials **out_credentials, evodb_error **error) {
  return guarded(error, [&] {
    require(out_credentials, "out_credentials");
    r2::expiring_credentials made;
    made.by.access_key_id = text_in(key, key_length, "key");
    made.by.secret_access_key = text_in(secret, secret_length, "secret");
    made.by.session_token = text_in(token, token_length, "token");
    if (made.by.access_key_id.empty()) fail(status::INVALID_ARGUMENT, "key is empty");
    if (made.by.secret_access_key.empty()) fail(status::INVALID_ARGUMENT, "secret is empty");
    if (expires_at_ms < 0) fail(status::INVALID_ARGUMENT, "expires_at_ms is negative");
    if (expires_at_ms > 0) made.expires_at_ms = expires_at_ms;
    *out_credentials = new evodb_credentials{std::move(made)};
  });
}

evodb_status evodb_options_set_credentials(evodb_options *options, evodb_credentials_callback callback, void *context,
                                           evodb_error **error) {
  return guarded(error, [&] {
    require(options, "options");
    require(reinterpret_cast<const void *>(callback), "callback");
    options->credentials = [callback, context] { return callback(context); };
  });
}

namespace evodb::capi {

std::optional<std::int64_t> option_reader::integer(std::string_view key, std::int64_t lowest, std::int64_t highest) {
  known_.emplace(key);
  if (options_ == nullptr) return std::nullopt;
  const auto found = options_->values.find(key);
  if (found == options_->values.end()) return std::nullopt;
  const std::string expected = fmt::format("an integer from {} to {}", lowest, highest);
  std::int64_t value = 0;
  if (const auto *number = std::get_if<std::int64_t>(&found->second)) {
    value = *number;
  } else if (const auto *text = std::get_if<std::string>(&found->second)) {
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (failed != std::errc() || end != text->data() + text->size()) refuse(key, expected);
  } else {
    refuse(key, expected);
  }
  if (value < lowest || value > highest) refuse(key, expected);
  return value;
}

std::optional<bool> option_reader::boolean(std::string_view key) {
  known_.emplace(key);
  if (options_ == nullptr) return std::nullopt;
  const auto found = options_->values.find(key);
  if (found == options_->values.end()) return std::nullopt;
  if (const auto *flag = std::get_if<bool>(&found->second)) return *flag;
  if (const auto *text = std::get_if<std::string>(&found->second)) {
    if (*text == "true") return true;
    if (*text == "false") return false;
  }
  refuse(key, "true or false");
}

std::optional<std::string> option_reader::text(std::string_view key) {
  known_.emplace(key);
  if (options_ == nullptr) return std::nullopt;
  const auto found = options_->values.find(key);
  if (found == options_->values.end()) return std::nullopt;
  if (const auto *text = std::get_if<std::string>(&found->second)) return *text;
  refuse(key, "a string");
}

string_pairs option_reader::texts_below(std::string_view prefix) {
  string_pairs pairs;
  if (options_ == nullptr) return pairs;
  for (auto at = options_->values.lower_bound(prefix); at != options_->values.end() && at->first.starts_with(prefix);
       ++at) {
    pairs.emplace_back(at->first.substr(prefix.size()), *text(at->first));
  }
  return pairs;
}

void option_reader::finish() const {
  if (options_ == nullptr) return;
  for (const auto &[key, value] : options_->values) {
    if (!known_.contains(key)) fail(status::INVALID_ARGUMENT, fmt::format("unknown option: {}", key), key);
  }
}

}  // namespace evodb::capi
