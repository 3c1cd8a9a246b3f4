// The contract of object_store against real servers. tests/s3/run starts them and says where they are:
// EVODB_S3_SERVERS="NAME=URL ...", each with the bucket "contract" and the key and secret "tests" / "tests-secret".
#include "io/s3/s3_options.h"

#include <atomic>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <thread>

#include "base/little_endian.h"
#include "failure.h"
#include "io/store_contract.h"
#include "runtime/operation.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(s3_store_test)

namespace {

std::vector<std::string> servers() {
  const char *named = std::getenv("EVODB_S3_SERVERS");
  std::istringstream words(named == nullptr ? "" : named);
  return {std::istream_iterator<std::string>(words), {}};
}

s3_options options_for(const std::string &server) {
  s3_options given;
  given.endpoint = server.substr(server.find('=') + 1);
  given.access_key_id = "tests";
  given.secret_access_key = "tests-secret";
  return given;
}

struct fixture : store_under_test {
  fixture() { environment = make_thread_runtime(thread_runtime_options()); }
  void open(s3_options given) {
    store = open_bucket(environment, "contract", std::move(given), [](const char *) { return std::nullopt; });
    prefix = "contract/" + environment->random_uuid().to_text() + "/";
  }
};

/// Two parts; what is unfinished while the last one is read.
class watching_source final : public byte_source {
 public:
  watching_source(object_store &in, std::string folder) : in_(in), folder_(std::move(folder)) {}

  std::int64_t size() const noexcept override { return std::int64_t{20} << 20; }
  task<bytes> read(std::int64_t offset, std::int64_t length) override {
    if (offset > 0) co_await look();
    co_return bytes(static_cast<std::size_t>(length), 'x');
  }

  std::vector<object_meta> seen;
  bool is_told = true;

 private:
  task<> look() {
    try {
      std::string folder = folder_;
      seen = co_await in_.list_unfinished(std::move(folder));
    } catch (const error &untold) {
      BOOST_TEST((untold.code() == status::UNSUPPORTED));
      is_told = false;
    }
  }

  object_store &in_;
  const std::string folder_;
};

}  // namespace

BOOST_DATA_TEST_CASE_F(fixture, keeps_the_contract,
                       boost::unit_test::data::make(servers()) * boost::unit_test::data::make(store_contract()), server,
                       promise) {
  open(options_for(server));
  promise.check(*this);
}

BOOST_DATA_TEST_CASE_F(fixture, says_why_it_may_not, boost::unit_test::data::make(servers()), server) {
  s3_options wrong = options_for(server);
  wrong.secret_access_key = "not-the-secret";
  open(wrong);
  const auto get = [this] {
    return run_to_end(environment, [this]() -> task<bool> {
      const byte_range everything{0, -1};
      const auto found = co_await store->get(prefix + "x", everything);
      co_return found.has_value();
    });
  };
  CHECK_FAILS(get(), status::ACCESS_DENIED, "SignatureDoesNotMatch");
}

BOOST_DATA_TEST_CASE_F(fixture, uploads_under_way_are_listed, boost::unit_test::data::make(servers()), server) {
  open(options_for(server));
  const std::string folder = prefix + "a folder/";
  const auto content = std::make_shared<watching_source>(*store, folder);
  const std::shared_ptr<byte_source> source = content;
  const put_outcome outcome =
      run_to_end(environment, [&] { return store->upload(folder + "ö & <large>", source, put_options()); });
  BOOST_TEST((outcome.what == put_outcome::kind::done));
  BOOST_TEST(content->is_told == !server.starts_with("miniflare"));  // which R2 itself does
  if (!content->is_told) return;
  BOOST_TEST_REQUIRE(content->seen.size() == 1u);
  BOOST_TEST(content->seen[0].key == folder + "ö & <large>");
  BOOST_TEST(std::abs(content->seen[0].last_modified_ms - environment->now_ms()) < 600'000);
  BOOST_TEST(run_to_end(environment, [&] { return store->list_unfinished(folder); }).empty());
}

/// Its second part is never read.
class stalling_source final : public byte_source {
 public:
  explicit stalling_source(runtime &environment) : environment_(environment) {}

  std::int64_t size() const noexcept override { return std::int64_t{20} << 20; }
  task<bytes> read(std::int64_t offset, std::int64_t length) override {
    if (offset > 0) co_await environment_.sleep(std::chrono::hours(1));
    co_return bytes(static_cast<std::size_t>(length), 'x');
  }
  void was_stored(std::int64_t) noexcept override { has_stored = true; }

  std::atomic<bool> has_stored = false;

 private:
  runtime &environment_;
};

BOOST_DATA_TEST_CASE_F(fixture, a_cancelled_upload_leaves_no_parts, boost::unit_test::data::make(servers()), server) {
  open(options_for(server));
  const std::string key = prefix + "large";
  const auto content = std::make_shared<stalling_source>(*environment);
  std::optional<put_outcome> outcome;
  const auto running = operation::start(environment, [&]() -> task<std::shared_ptr<void>> {
    std::string same = key;
    std::shared_ptr<byte_source> source = content;
    put_options options;
    outcome = co_await store->upload(std::move(same), std::move(source), std::move(options));
    co_return nullptr;
  });
  while (!content->has_stored && !running->is_ready()) std::this_thread::yield();
  running->cancel();
  running->wait(-1);
  BOOST_TEST_REQUIRE(outcome.has_value());
  BOOST_TEST((outcome->what == put_outcome::kind::failed && outcome->reason->code() == status::CANCELLED));
  BOOST_TEST(!run_to_end(environment, [&] { return store->head(key); }));
  if (server.starts_with("miniflare")) return;  // which lists no uploads
  BOOST_TEST(run_to_end(environment, [&] { return store->list_unfinished(prefix); }).empty());
}

BOOST_AUTO_TEST_SUITE_END()
