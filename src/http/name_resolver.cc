#include "http/name_resolver.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <cstring>

#include "base/error.h"
#include "runtime/abandonable_call.h"

namespace evodb {
namespace {

constexpr auto kept_for = std::chrono::seconds(60);
constexpr std::size_t most_kept = 1000;

/// Blocks as long as the system likes.
name_resolver::addresses look_up(const std::string &host) {
  addrinfo wanted{}, *first = nullptr;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  const int wrong = ::getaddrinfo(host.c_str(), nullptr, &wanted, &first);
  if (wrong != 0)
    fail(status::STORAGE_UNAVAILABLE,
         fmt::format("the host's name cannot be resolved: {} ({})", host, ::gai_strerror(wrong)), host);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> held(first, &::freeaddrinfo);
  name_resolver::addresses found;
  for (const addrinfo *one = first; one != nullptr; one = one->ai_next) {
    boost::asio::ip::tcp::endpoint address;
    if (one->ai_addrlen > address.capacity()) continue;
    std::memcpy(address.data(), one->ai_addr, one->ai_addrlen);
    found.push_back(address.address());
  }
  if (found.empty()) fail(status::STORAGE_UNAVAILABLE, fmt::format("the host has no address: {}", host), host);
  return found;
}

}  // namespace

task<name_resolver::addresses> name_resolver::resolve(std::string host) {
  boost::system::error_code no_literal;
  const auto literal = boost::asio::ip::make_address(host, no_literal);
  if (!no_literal) co_return addresses{literal};
  const std::shared_ptr<runtime> environment = environment_.lock();
  {
    const std::lock_guard<std::mutex> held(state_);
    const auto found = known_.find(host);
    if (found != known_.end() && environment->steady_now() < found->second.until) co_return found->second.found;
  }
  auto work = [host] { return look_up(host); };
  addresses found = co_await call_blocking(environment, std::move(work));
  const std::lock_guard<std::mutex> held(state_);
  if (known_.size() >= most_kept) known_.clear();
  known_[host] = {found, environment->steady_now() + kept_for};
  co_return found;
}

void name_resolver::forget(const std::string &host) {
  const std::lock_guard<std::mutex> held(state_);
  known_.erase(host);
}

}  // namespace evodb
