#include "capi/boundary.h"

using evodb::capi::text_out;

namespace {

/// NULL is an empty error, so that a caller's mistake gives empty texts and not a crash.
const evodb::error &of(const evodb_error *error) {
  static const evodb::error nothing(evodb::status::ok, "");
  return error == nullptr ? nothing : error->value;
}

}  // namespace

void evodb_error_free(evodb_error *error) {
  delete error;
}

evodb_status evodb_error_code(const evodb_error *error) {
  return static_cast<evodb_status>(of(error).code());
}

const char *evodb_error_message(const evodb_error *error, int64_t *out_length) {
  return text_out(of(error).message(), out_length);
}

const char *evodb_error_subject(const evodb_error *error, int64_t *out_length) {
  return text_out(of(error).subject(), out_length);
}

int32_t evodb_error_http_status(const evodb_error *error) {
  return of(error).store.http_status;
}

const char *evodb_error_store_code(const evodb_error *error, int64_t *out_length) {
  return text_out(of(error).store.code, out_length);
}

const char *evodb_error_request_id(const evodb_error *error, int64_t *out_length) {
  return text_out(of(error).store.request_id, out_length);
}

int64_t evodb_error_retry_after_ms(const evodb_error *error) {
  return of(error).store.retry_after_ms;
}

const char *evodb_error_token(const evodb_error *error, int64_t *out_length) {
  return text_out(of(error).commit_token, out_length);
}
