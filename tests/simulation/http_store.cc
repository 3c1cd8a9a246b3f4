#include "simulation/http_store.h"

#include <utility>

#include "base/error.h"
#include "io/s3/s3_store.h"
#include "simulation/http_server.h"
#include "simulation/wait_in_world.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;

/// Servers end a connection that nothing comes over.
constexpr auto kept_idle = 15s;

/// Both ends of a connection. Answers may still be on their way to one that its client has let go of.
struct wire {
  std::string unread;  ///< by the client
  bool has_ended = false;
  std::int64_t answered = 0;  ///< requests, of which only the first copy is

  void tell(world &in, std::string_view text, bool ends) {
    unread += text;
    has_ended |= ends;
    in.wake_at(this);
  }
};

class connection final : public byte_stream {
 public:
  connection(network &through, std::shared_ptr<simulated_runtime> of)
      : network_(through), environment_(std::move(of)), last_use_(network_.in().now()) {}

  task<> write(std::string_view all) override {
    if (wire_->has_ended) fail(status::STORAGE_UNAVAILABLE, "could not send: connection reset");
    last_use_ = network_.in().now();
    unsent_ += all;
    while (std::optional<received_request> whole = take_request(unsent_)) send(*std::move(whole));
    co_return;
  }

  task<std::size_t> read_some(std::span<char> into) override {
    if (wire_->unread.empty() && !wire_->has_ended) {
      std::function<void(waker)> begin = [this](waker wake) { network_.in().park(wire_.get(), std::move(wake)); };
      co_await wait_in_world(network_.in(), environment_->process(), std::move(begin));
    }
    last_use_ = network_.in().now();
    const std::size_t count = std::min(into.size(), wire_->unread.size());
    std::copy_n(wire_->unread.begin(), count, into.begin());
    wire_->unread.erase(0, count);
    co_return count;
  }

  bool is_stale() noexcept override { return wire_->has_ended || network_.in().now() - last_use_ > kept_idle; }

 private:
  void send(received_request received) {
    const bool is_read = received.method == "GET";
    const bool is_head = received.method == "HEAD";
    sent_request sent = request_of(std::move(received), network_);
    sent.from = environment_->process();
    const std::int64_t number = ++sent_;
    auto hear = [this_wire = wire_, &through = network_, from = sent.from, number, is_read,
                 is_head](const std::optional<bucket::answer> &came) {
      if (this_wire->answered >= number || this_wire->has_ended) return;
      this_wire->answered = number;
      if (!came) return this_wire->tell(through.in(), {}, true);
      const std::string text = text_of(*came, is_head, through.in().now_ms());
      if (is_read && through.strikes(&misfortunes::cut_short, "cut short"))
        return this_wire->tell(through.in(), std::string_view(text).substr(0, text.size() / 2), true);
      const bool is_whole = !through.strikes(&misfortunes::in_pieces, "in pieces");
      const std::size_t first = is_whole ? text.size() : text.size() / 3;
      this_wire->tell(through.in(), std::string_view(text).substr(0, first), false);
      if (is_whole) return;
      through.in().after(
          through.in().between(1ms, 100ms), from,
          [this_wire, &in = through.in(), rest = text.substr(first)] { this_wire->tell(in, rest, false); });
    };
    network_.deliver(std::move(sent), std::move(hear));
  }

  network &network_;
  const std::shared_ptr<simulated_runtime> environment_;
  const std::shared_ptr<wire> wire_ = std::make_shared<wire>();
  steady_time last_use_;
  std::string unsent_;
  std::int64_t sent_ = 0;
};

class simulated_dialer final : public dialer {
 public:
  simulated_dialer(network &through, std::shared_ptr<simulated_runtime> of)
      : network_(through), environment_(std::move(of)) {}

  task<std::unique_ptr<byte_stream>> dial(origin, dial_progress &progress) override {
    progress.awaited = "a simulated connection";
    co_await environment_->sleep(network_.connecting);
    co_return std::make_unique<connection>(network_, environment_);
  }

 private:
  network &network_;
  const std::shared_ptr<simulated_runtime> environment_;
};

}  // namespace

std::shared_ptr<object_store> make_http_store(network &through, std::shared_ptr<simulated_runtime> of,
                                              const http_limits &within) {
  s3_settings settings;
  settings.to = endpoint::of_account("account", "", bucket_name);
  settings.by = []() -> task<credentials> {
    credentials keys{"key", "secret", ""};
    co_return keys;
  };
  settings.retry_budget = within.retry_budget;
  auto dialling = std::make_shared<simulated_dialer>(through, of);
  auto client = std::make_shared<http_client>(of, std::move(dialling), settings.to.of_bucket(), within.of_a_try);
  return make_s3_store(std::move(of), std::move(client), std::move(settings));
}

}  // namespace evodb::simulation
