#include "simulation/played_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "http/http_client.h"
#include "io/s3/s3_store.h"
#include "runtime/operation.h"
#include "simulation/network.h"

namespace evodb::simulation {
namespace {

class played_connection final : public byte_stream {
 public:
  explicit played_connection(played_server &of) : server_(of) {}

  task<> write(std::string_view all) override {
    unsent_ += all;
    while (std::optional<received_request> whole = take_request(unsent_)) {
      server_.asked.push_back(*whole);
      server_.asked_at.push_back(server_.in.now());
      unread_ += server_.answer(*whole);
    }
    co_return;
  }

  task<std::size_t> read_some(std::span<char> into) override {
    const std::size_t count = std::min(into.size(), unread_.size());
    std::copy_n(unread_.begin(), count, into.begin());
    unread_.erase(0, count);
    co_return count;
  }

  bool is_stale() noexcept override { return false; }

 private:
  played_server &server_;
  std::string unsent_, unread_;
};

class played_dialer final : public dialer {
 public:
  explicit played_dialer(played_server &of) : server_(of) {}

  task<std::unique_ptr<byte_stream>> dial(origin, dial_progress &) override {
    co_return std::make_unique<played_connection>(server_);
  }

 private:
  played_server &server_;
};

}  // namespace

played_server::played_server()
    : environment(std::make_shared<simulated_runtime>(in, in.new_process(), std::chrono::milliseconds(0),
                                                      std::chrono::nanoseconds(0))) {
  s3_settings settings;
  settings.to = endpoint::of_account("account", "", bucket_name);
  settings.by = []() -> task<credentials> {
    credentials keys{"key", "secret", ""};
    co_return keys;
  };
  auto dialling = std::make_shared<played_dialer>(*this);
  auto client =
      std::make_shared<http_client>(environment, std::move(dialling), settings.to.of_bucket(), http_client::limits());
  store = make_s3_store(environment, std::move(client), std::move(settings));
}

void played_server::run(std::function<task<>()> body) {
  asked.clear();
  asked_at.clear();
  const auto running = operation::start(environment, [&]() -> task<std::shared_ptr<void>> {
    co_await body();
    co_return nullptr;
  });
  while (!running->is_ready() && in.step()) continue;
  if (running->failure()) std::rethrow_exception(running->failure());
}

std::string answered(const std::string &status, const std::string &fields, const std::string &body) {
  return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, fields, body.size(), body);
}

std::string refused(const std::string &status, const std::string &code) {
  return answered(status, "", fmt::format("<Error><Code>{}</Code><Message>made up</Message></Error>", code));
}

}  // namespace evodb::simulation
