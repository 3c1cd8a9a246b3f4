#include "simulation/network.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "simulation/wait_in_world.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;  ///< after which a process no longer waits for an answer
constexpr int tries_of_what_may_be_repeated = 5;

}  // namespace

bool network::is_http_by_default() {
  const char *store = std::getenv("EVODB_SIMULATED_STORE");
  return store != nullptr && std::string_view(store) == "http";
}

bool network::strikes(double misfortunes::*which, const char *name) {
  if (!world_.chance(rates.*which)) return false;
  ++delivered_[name];
  return true;
}

std::vector<passage> network::passages_of(const sent_request &what) {
  if (directions) {
    std::optional<std::vector<passage>> directed = directions(what);
    if (directed) return std::move(*directed);
  }
  const auto refusal = [&](int status, std::string code) {
    bucket::answer refused;
    refused.status = status;
    refused.code = std::move(code);
    return refused;
  };
  const bool is_denied = what.what == sent_request::kind::put && strikes(&misfortunes::denied, "denied");
  std::vector<passage> copies(what.is_write() && strikes(&misfortunes::request_doubled, "request doubled") ? 2 : 1);
  for (passage &copy : copies) {
    copy.arrives = !strikes(&misfortunes::request_lost, "request lost");
    copy.there = world_.between(1ms, 100ms);
    copy.back = world_.between(1ms, 100ms);
    if (!copy.arrives) continue;
    if (what.is_write() && strikes(&misfortunes::very_late, "very late")) copy.there = world_.between(1min, 60h);
    copy.takes_effect = !strikes(&misfortunes::refused_for_now, "refused for now");
    if (!copy.takes_effect) copy.answer = refusal(world_.chance(0.5) ? 429 : 503, "SlowDown");
    if (what.is_write() && strikes(&misfortunes::effect_then_error, "effect then error")) {
      copy.answer = refusal(world_.chance(0.5) ? 429 : 500, "InternalError");
    }
    if (is_denied) {
      copy.takes_effect = false;
      copy.answer = refusal(403, "AccessDenied");
    }
    copy.is_answered = !strikes(&misfortunes::answer_lost, "answer lost");
  }
  for (passage &copy : copies) copy.breaks = is_http && world_.chance(0.5);
  return copies;
}

void network::deliver(sent_request what, std::function<void(std::optional<bucket::answer>)> hear) {
  for (const passage &copy : passages_of(what)) {
    auto arrive = [this, serve = what.serve, from = what.from, copy, hear] {
      std::optional<bucket::answer> came;
      if (copy.arrives && copy.takes_effect) came = serve(bucket_);
      if (copy.answer) came = copy.answer;
      const bool is_heard = copy.arrives && copy.is_answered;
      if (!is_heard) came.reset();
      if (!is_heard && !copy.breaks) return;
      world_.after(copy.back, from, [hear, came = std::move(came)] { hear(came); });
    };
    world_.after(copy.there, 0, std::move(arrive));
  }
}

task<std::optional<bucket::answer>> network::send(sent_request what) {
  auto answer = std::make_shared<std::optional<bucket::answer>>();
  std::function<void(waker)> begin = [&](waker wake) {
    deliver(what, [answer, wake](std::optional<bucket::answer> came) {
      if (!*answer) *answer = std::move(came);
      wake();
    });
    world_.after(patience, what.from, wake);
  };
  co_await wait_in_world(world_, what.from, std::move(begin));
  co_return std::move(*answer);
}

namespace {

class simulated_store final : public object_store {
 public:
  simulated_store(network &through, std::shared_ptr<simulated_runtime> of)
      : network_(through), environment_(std::move(of)) {}

  task<std::optional<object>> get(std::string key, byte_range range) override {
    sent_request asked = request(sent_request::kind::get, key);
    asked.serve = [key](bucket &to) { return to.get(key); };
    bucket::answer came = co_await repeat(std::move(asked));
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
    sent_request asked = request(sent_request::kind::head, key);
    asked.serve = [key](bucket &to) { return to.get(key); };
    bucket::answer came = co_await repeat(std::move(asked));
    if (!came.found) co_return std::nullopt;
    co_return std::move(came.found->meta);
  }

  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    const int tries = options.may_repeat ? tries_of_what_may_be_repeated : 1;
    std::string problem = "no answer";
    for (int i = 0; i < tries; ++i) {
      sent_request sent = request(sent_request::kind::put, key);
      sent.signed_at_ms = options.signed_at_ms;
      sent.serve = [key, body, options](bucket &to) { return to.put(key, body, options); };
      const std::optional<bucket::answer> came = co_await network_.send(std::move(sent));
      if (came && came->status == 200) co_return put_outcome(put_outcome::kind::done, came->etag);
      if (i == 0 && came && came->status == 403 && came->code == "AccessDenied") {
        error denied(status::ACCESS_DENIED, "the store denied the write", key);
        co_return put_outcome(put_outcome::kind::failed, std::move(denied));
      }
      if (came && came->status == 412) co_return put_outcome(put_outcome::kind::exists, std::string());
      if (came) problem = fmt::format("{} {}", came->status, came->code);
    }
    error unknown(status::STORAGE_UNAVAILABLE, std::move(problem), key);
    co_return put_outcome(put_outcome::kind::unknown, std::move(unknown));
  }

  task<listing> list(list_options options) override {
    sent_request asked = request(sent_request::kind::list, options.prefix);
    asked.serve = [options](bucket &to) { return to.list(options); };
    bucket::answer came = co_await repeat(std::move(asked));
    co_return std::move(came.listed);
  }

  task<> remove(std::vector<std::string> keys) override {
    const std::string first = keys.empty() ? std::string() : keys.front();
    if (keys.size() > 1 && network_.strikes(&misfortunes::delete_half, "half deleted")) {
      std::vector<std::string> some;
      for (std::string &key : keys) {
        if (network_.in().chance(0.5)) some.push_back(std::move(key));
      }
      sent_request half = request(sent_request::kind::remove, first);
      half.serve = [some](bucket &to) { return to.remove(some); };
      co_await network_.send(std::move(half));
      fail(status::STORAGE_UNAVAILABLE, "some of the keys could not be deleted", first);
    }
    sent_request whole = request(sent_request::kind::remove, first);
    whole.serve = [keys](bucket &to) { return to.remove(keys); };
    co_await repeat(std::move(whole));
  }

  const location &root() const noexcept override { return root_; }
  bool creates_exclusively() const noexcept override { return true; }
  std::chrono::nanoseconds rewrite_interval() const noexcept override { return std::chrono::seconds(1); }

 private:
  sent_request request(sent_request::kind what, std::string key) const {
    sent_request made;
    made.from = environment_->process();
    made.what = what;
    made.key = std::move(key);
    return made;
  }

  /// What every client repeats by itself: requests that change nothing when they come twice.
  task<bucket::answer> repeat(sent_request what) {
    for (int i = 0; i < tries_of_what_may_be_repeated; ++i) {
      sent_request copy = what;
      std::optional<bucket::answer> came = co_await network_.send(std::move(copy));
      if (came && (came->status == 200 || came->status == 404)) co_return std::move(*came);
    }
    fail(status::STORAGE_UNAVAILABLE, "the store does not answer", std::move(what.key));
  }

  network &network_;
  const std::shared_ptr<simulated_runtime> environment_;
  const location root_{"s3", bucket_name, ""};
};

}  // namespace

std::shared_ptr<object_store> make_simulated_store(network &through, std::shared_ptr<simulated_runtime> of) {
  return std::make_shared<simulated_store>(through, std::move(of));
}

}  // namespace evodb::simulation
