#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "http/byte_stream.h"
#include "http/http_request.h"

namespace evodb {

struct http_answer {
  int status = 0;
  std::vector<name_value> headers;
  bytes body;
  bool keeps_alive = false;  ///< the connection can take another request

  const std::string *header(std::string_view name) const noexcept;
};

/// Whether an answer seems to be a page for people and no object, whatever its status.
bool is_page(const http_answer &answer) noexcept;

/// How far a request came, also where it failed.
struct exchange_progress {
  bool was_sent = false;    ///< some byte of it may have reached the server, so it may take effect at any later time
  bool is_whole = false;    ///< all of it is on its way
  bool has_answer = false;  ///< some byte of the answer has come
};

/// Sends a request and reads its answer (HTTP/1.1; interim answers are passed over). Throws STORAGE_UNAVAILABLE when the
/// connection breaks before the answer is whole, CORRUPT when it is no HTTP or larger than `largest_body`, and
/// INVALID_ARGUMENT, before anything is sent, for a header that would end its line.
task<http_answer> exchange(byte_stream &with, const http_request &request, std::int64_t largest_body,
                           exchange_progress &progress);

}  // namespace evodb
