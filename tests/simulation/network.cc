#include "simulation/network.h"

#include <fmt/format.h>

#include <utility>

#include "simulation/wait_in_world.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;  ///< after which a process no longer waits for an answer
constexpr int tries_of_what_may_be_repeated = 5;

}  // namespace

bool network::strikes(double misfortunes::*which, const char *name) {
  if (!world_.chance(rates.*which)) return false;
  ++delivered_[name];
  return true;
}

task<std::optional<bucket::answer>> network::send(process_id from, request served, bool is_write) {
  auto answer = std::make_shared<std::optional<bucket::answer>>();
  std::function<void(waker)> begin = [&](waker wake) {
    const int copies = is_write && strikes(&misfortunes::request_doubled, "request doubled") ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
      if (strikes(&misfortunes::request_lost, "request lost")) continue;
      auto there = world_.between(1ms, 100ms);
      if (is_write && strikes(&misfortunes::very_late, "very late")) there = world_.between(1min, 60h);
      const auto back = world_.between(1ms, 100ms);
      const bool is_refused = strikes(&misfortunes::refused_for_now, "refused for now");
      const bool is_garbled = is_write && strikes(&misfortunes::effect_then_error, "effect then error");
      const bool is_answer_lost = strikes(&misfortunes::answer_lost, "answer lost");
      auto arrive = [this, served, answer, wake, from, back, is_refused, is_garbled, is_answer_lost] {
        bucket::answer came;
        if (is_refused) {
          came.status = world_.chance(0.5) ? 429 : 503;
          came.code = "SlowDown";
        } else {
          came = served(bucket_);
        }
        if (is_garbled) {
          came.status = world_.chance(0.5) ? 429 : 500;
          came.code = "InternalError";
        }
        if (is_answer_lost) return;
        auto deliver = [answer, wake, came = std::move(came)] {
          if (!*answer) *answer = came;
          wake();
        };
        world_.after(back, from, std::move(deliver));
      };
      world_.after(there, 0, std::move(arrive));
    }
    world_.after(patience, from, wake);
  };
  co_await wait_in_world(world_, from, std::move(begin));
  co_return std::move(*answer);
}

namespace {

class simulated_store final : public object_store {
 public:
  simulated_store(network &through, std::shared_ptr<simulated_runtime> of)
      : network_(through), environment_(std::move(of)) {}

  task<std::optional<object>> get(std::string key, byte_range range) override {
    network::request served = [key](bucket &to) { return to.get(key); };
    bucket::answer came = co_await repeat(std::move(served), false, key);
    if (!came.found) co_return std::nullopt;
    const byte_range part = range.within(came.found->meta.size);
    object read;
    read.body = came.found->body->substr(static_cast<std::size_t>(part.offset), static_cast<std::size_t>(part.length));
    if (network_.strikes(&misfortunes::cut_short, "cut short")) read.body.resize(read.body.size() / 2);
    read.meta = std::move(came.found->meta);
    read.server_now_ms = network_.in().now_ms();
    co_return read;
  }

  task<std::optional<object_meta>> head(std::string key) override {
    network::request served = [key](bucket &to) { return to.get(key); };
    bucket::answer came = co_await repeat(std::move(served), false, key);
    if (!came.found) co_return std::nullopt;
    co_return std::move(came.found->meta);
  }

  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    network::request served = [key, body, options](bucket &to) { return to.put(key, body, options); };
    if (network_.strikes(&misfortunes::denied, "denied")) {
      error denied(status::ACCESS_DENIED, "the store denied the write", key);
      co_return put_outcome(put_outcome::kind::failed, std::move(denied));
    }
    const int tries = options.may_repeat ? tries_of_what_may_be_repeated : 1;
    std::string problem = "no answer";
    for (int i = 0; i < tries; ++i) {
      network::request copy = served;
      const std::optional<bucket::answer> came = co_await network_.send(process(), std::move(copy), true);
      if (came && came->status == 200) co_return put_outcome(put_outcome::kind::done, came->etag);
      if (came && came->status == 412) co_return put_outcome(put_outcome::kind::exists, std::string());
      if (came) problem = fmt::format("{} {}", came->status, came->code);
    }
    error unknown(status::STORAGE_UNAVAILABLE, std::move(problem), key);
    co_return put_outcome(put_outcome::kind::unknown, std::move(unknown));
  }

  task<listing> list(list_options options) override {
    network::request served = [options](bucket &to) { return to.list(options); };
    bucket::answer came = co_await repeat(std::move(served), false, options.prefix);
    co_return std::move(came.listed);
  }

  task<> remove(std::vector<std::string> keys) override {
    const std::string first = keys.empty() ? std::string() : keys.front();
    if (keys.size() > 1 && network_.strikes(&misfortunes::delete_half, "half deleted")) {
      std::vector<std::string> some;
      for (std::string &key : keys) {
        if (network_.in().chance(0.5)) some.push_back(std::move(key));
      }
      network::request half = [some](bucket &to) { return to.remove(some); };
      co_await network_.send(process(), std::move(half), true);
      fail(status::STORAGE_UNAVAILABLE, "some of the keys could not be deleted", first);
    }
    network::request served = [keys](bucket &to) { return to.remove(keys); };
    co_await repeat(std::move(served), true, first);
  }

  const location &root() const noexcept override { return root_; }
  bool creates_exclusively() const noexcept override { return true; }

 private:
  process_id process() const noexcept { return environment_->process(); }

  /// What every client repeats by itself: requests that change nothing when they come twice.
  task<bucket::answer> repeat(network::request served, bool is_write, std::string key) {
    for (int i = 0; i < tries_of_what_may_be_repeated; ++i) {
      network::request copy = served;
      std::optional<bucket::answer> came = co_await network_.send(process(), std::move(copy), is_write);
      if (came && (came->status == 200 || came->status == 404)) co_return std::move(*came);
    }
    fail(status::STORAGE_UNAVAILABLE, "the store does not answer", std::move(key));
  }

  network &network_;
  const std::shared_ptr<simulated_runtime> environment_;
  const location root_{"memory", "simulated", ""};
};

}  // namespace

std::shared_ptr<object_store> make_simulated_store(network &through, std::shared_ptr<simulated_runtime> of) {
  return std::make_shared<simulated_store>(through, std::move(of));
}

}  // namespace evodb::simulation
