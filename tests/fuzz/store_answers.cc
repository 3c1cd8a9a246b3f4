#include <boost/asio/co_spawn.hpp>

#include "finding.h"
#include "io/byte_source.h"
#include "io/s3/multipart_upload.h"
#include "io/s3/s3_store.h"
#include "simulation/simulated_runtime.h"

using namespace evodb;
using namespace evodb::simulation;

namespace {

/// What the server sends, whatever it is asked: the input's pieces, each a connection's; the last one ends every later
/// connection at once.
class played_stream final : public byte_stream {
 public:
  explicit played_stream(std::string text) : text_(std::move(text)) {}
  task<> write(std::string_view) override { co_return; }
  task<std::size_t> read_some(std::span<char> into) override {
    const std::size_t count = std::min({into.size(), text_.size() - at_, std::size_t{1000}});
    std::copy_n(text_.data() + at_, count, into.begin());
    at_ += count;
    co_return count;
  }
  bool is_stale() noexcept override { return at_ == text_.size(); }

 private:
  const std::string text_;
  std::size_t at_ = 0;
};

class player final : public dialer {
 public:
  explicit player(std::string_view script) : script_(script) {}
  task<std::unique_ptr<byte_stream>> dial(origin, dial_progress &) override {
    const std::size_t end = std::min(script_.find('\x1e'), script_.size());
    std::string piece(script_.substr(0, end));
    script_.remove_prefix(std::min(end + 1, script_.size()));
    co_return std::make_unique<played_stream>(std::move(piece));
  }

 private:
  std::string_view script_;
};

/// Content that needs two parts.
struct zeroes final : byte_source {
  std::int64_t size() const noexcept override { return multipart_upload::smallest_part_bytes + 1; }
  task<bytes> read(std::int64_t, std::int64_t) override { co_return bytes(1, '\0'); }
};

void check(const put_outcome &outcome) {
  const bool needs_reason = outcome.what == put_outcome::kind::failed || outcome.what == put_outcome::kind::unknown;
  fuzz::require(outcome.reason.has_value() == needs_reason, "an outcome has its reason");
}

task<> ask(object_store &store, unsigned what) {
  std::string key = "t/key";
  const auto body = std::make_shared<const bytes>("content");
  switch (what) {
    case 0: {
      const byte_range whole;
      const std::optional<object> found = co_await store.get(std::move(key), whole);
      if (found)
        fuzz::require(found->meta.size == static_cast<std::int64_t>(found->body.size()), "a whole object is read");
      break;
    }
    case 1: {
      const byte_range part{2, 5};
      const std::optional<object> found = co_await store.get(std::move(key), part);
      if (found) fuzz::require(found->body.size() <= 5, "a part is no longer than was asked for");
      break;
    }
    case 2: {
      const byte_range tail{-4, 0};
      const std::optional<object> found = co_await store.get(std::move(key), tail);
      if (found) fuzz::require(found->body.size() <= 4, "a tail is no longer than was asked for");
      break;
    }
    case 3: {
      const std::optional<object_meta> found = co_await store.head(std::move(key));
      if (found) fuzz::require(found->size >= 0, "a size is not negative");
      break;
    }
    case 4: {
      put_options options;
      options.condition.when = put_condition::kind::if_absent;
      check(co_await store.put(std::move(key), body, std::move(options)));
      break;
    }
    case 5: {
      put_options options;
      check(co_await store.put(std::move(key), body, std::move(options)));
      break;
    }
    case 6: {
      list_options options;
      options.prefix = "t/";
      options.limit = 5;
      const listing found = co_await store.list(std::move(options));
      for (const object_meta &meta : found.objects) fuzz::require(meta.size >= 0, "a size is not negative");
      break;
    }
    case 7: {
      std::vector<std::string> keys{"a", "b"};
      co_await store.remove(std::move(keys));
      break;
    }
    case 8: {
      std::string prefix = "t/";
      co_await store.list_unfinished(std::move(prefix));
      break;
    }
    default: {
      put_options options;
      std::shared_ptr<byte_source> content = std::make_shared<zeroes>();
      check(co_await store.upload(std::move(key), std::move(content), std::move(options)));
    }
  }
}

}  // namespace

/// The first byte chooses a verb; the rest is what the server sends, a new connection after each 0x1e.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  if (size == 0) return 0;
  world in(1);
  const auto environment = std::make_shared<simulated_runtime>(in, in.new_process());
  s3_settings settings;
  settings.to = endpoint::of_account("account", "", "bucket");
  settings.by = []() -> task<credentials> {
    credentials keys{"key", "secret", ""};
    co_return keys;
  };
  settings.retry_budget = std::chrono::seconds(3);
  auto client = std::make_shared<http_client>(environment, std::make_shared<player>(fuzz::text_of(data + 1, size - 1)),
                                              settings.to.of_bucket(), http_client::limits());
  const std::shared_ptr<object_store> store = make_s3_store(environment, std::move(client), std::move(settings));
  bool has_ended = false;
  std::exception_ptr failure;
  boost::asio::co_spawn(environment->io(), ask(*store, data[0] % 10), [&](std::exception_ptr why) {
    failure = std::move(why);
    has_ended = true;
  });
  while (!has_ended && in.step()) {
  }
  fuzz::require(has_ended, "a request ends");
  while (in.step()) {
  }
  fuzz::attempt([&] {
    if (failure) std::rethrow_exception(failure);
  });
  in.drop_everything();
  return 0;
}
