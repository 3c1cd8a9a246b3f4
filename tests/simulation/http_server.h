#pragma once

#include <map>
#include <optional>
#include <string>

#include "simulation/network.h"

namespace evodb::simulation {

/// A request as the server has received it: names decoded, headers by their names in small letters.
struct received_request {
  std::string method, key;
  std::map<std::string, std::string> query, headers;
  bytes body;
};

/// Takes a request out of what has come over a connection; null as long as it is not whole.
std::optional<received_request> take_request(std::string &unread);

/// What it asks of the bucket. One whose signature is too old is refused when it arrives, as R2 does.
sent_request request_of(received_request received, network &through);

/// An answer as it goes over a connection.
std::string text_of(const bucket::answer &answer, bool is_head, std::int64_t now_ms);

}  // namespace evodb::simulation
