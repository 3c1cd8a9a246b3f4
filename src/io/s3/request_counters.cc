#include "io/s3/request_counters.h"

#include <algorithm>

namespace evodb {
namespace {

bool asks_for(const http_request &request, const char *parameter) {
  return std::any_of(request.query.begin(), request.query.end(),
                     [&](const name_value &one) { return one.first == parameter; });
}

}  // namespace

void request_counters::count(const http_request &sent, bool is_retry) noexcept {
  retries_ += is_retry;
  if (sent.body) bytes_sent_ += static_cast<std::int64_t>(sent.body->size());
  if (sent.method == "HEAD") {
    ++heads_;
  } else if (sent.method == "DELETE" || asks_for(sent, "delete")) {
    ++deletes_;
  } else if (sent.method == "GET") {
    ++(asks_for(sent, "list-type") || asks_for(sent, "uploads") ? lists_ : gets_);
  } else {
    ++puts_;
  }
}

void request_counters::count(const http_answer &received) noexcept {
  bytes_received_ += static_cast<std::int64_t>(received.body.size());
}

std::int64_t request_counters::of(store_counter which) const noexcept {
  switch (which) {
    case store_counter::gets:
      return gets_;
    case store_counter::heads:
      return heads_;
    case store_counter::puts:
      return puts_;
    case store_counter::lists:
      return lists_;
    case store_counter::deletes:
      return deletes_;
    case store_counter::retries:
      return retries_;
    case store_counter::bytes_sent:
      return bytes_sent_;
    case store_counter::bytes_received:
      return bytes_received_;
    case store_counter::class_a:
      return puts_ + lists_;
    case store_counter::class_b:
      return gets_ + heads_;
    case store_counter::connections_opened:
    case store_counter::connections_in_use:
    case store_counter::waits_for_a_connection:
      break;
  }
  return 0;
}

}  // namespace evodb
