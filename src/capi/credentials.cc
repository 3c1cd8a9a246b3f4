#include "capi/credentials.h"

#include "capi/boundary.h"

using namespace evodb;
using namespace evodb::capi;

void evodb_credentials_free(evodb_credentials *credentials) {
  delete credentials;
}

evodb_status evodb_credentials_new(const char *key, int64_t key_length, const char *secret, int64_t secret_length,
                                   const char *token, int64_t token_length, int64_t expires_at_ms,
                                   evodb_credentials **out_credentials, evodb_error **error) {
  return guarded(error, [&] {
    require(out_credentials, "out_credentials");
    expiring_credentials made;
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
