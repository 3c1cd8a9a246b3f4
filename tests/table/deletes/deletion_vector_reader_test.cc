#include "table/deletes/deletion_vector_reader.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"
#include "io/memory_store.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(deletion_vector_reader_test)

namespace {

using positions = std::vector<std::int64_t>;

/// Notes each read.
class range_log : public object_store {
 public:
  explicit range_log(std::shared_ptr<object_store> beneath) : store_(std::move(beneath)) {}

  std::vector<byte_range> reads;

  task<std::optional<object>> get(std::string key, byte_range range) override {
    reads.push_back(range);
    co_return co_await store_->get(std::move(key), range);
  }
  task<std::optional<object_meta>> head(std::string key) override {
    reads.emplace_back();
    co_return co_await store_->head(std::move(key));
  }
  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    return store_->put(std::move(key), std::move(body), std::move(options));
  }
  task<listing> list(list_options options) override { return store_->list(std::move(options)); }
  task<> remove(std::vector<std::string> keys) override { return store_->remove(std::move(keys)); }
  const location &root() const noexcept override { return store_->root(); }
  bool creates_exclusively() const noexcept override { return store_->creates_exclusively(); }

 private:
  const std::shared_ptr<object_store> store_;
};

/// A storage with one object, "v.puffin": "PFA1", the vector, and more.
struct one_vector {
  explicit one_vector(std::int64_t memory_bytes = std::int64_t{64} << 20) {
    thread_runtime_options options;
    options.memory_limit_bytes = memory_bytes;
    environment = make_thread_runtime(options);
    store = std::make_shared<range_log>(make_memory_store(environment, "vectors"));
    where = std::make_shared<const storage>(environment, store, store->root());
    vector.path = "memory://vectors/v.puffin";
    vector.offset = 4;
  }
  void put(const bytes &blob) {
    const auto content = std::make_shared<const bytes>("PFA1" + blob + "PFA1{}");
    vector.size = static_cast<std::int64_t>(blob.size());
    run_to_end(environment, [this, content]() -> task<put_outcome> {
      put_options options;
      co_return co_await store->put("v.puffin", content, std::move(options));
    });
  }
  positions read() const {
    return run_to_end(environment, [this]() -> task<positions> {
      stored_vector own = vector;
      deleted_positions found = co_await read_deletion_vector(where, std::move(own));
      co_return std::move(found.positions);
    });
  }

  std::shared_ptr<runtime> environment;
  std::shared_ptr<range_log> store;
  std::shared_ptr<const storage> where;
  stored_vector vector;
};

const positions some{2, 70000, (std::int64_t{1} << 32) + 5};

}  // namespace

BOOST_AUTO_TEST_CASE(one_request_reads_it) {
  one_vector sample;
  sample.put(encode_deletion_vector(some));
  BOOST_TEST(sample.read() == some, boost::test_tools::per_element());
  BOOST_REQUIRE(sample.store->reads.size() == 1);
  BOOST_TEST(sample.store->reads[0].offset == 4);
  BOOST_TEST(sample.store->reads[0].length == sample.vector.size);
  sample.vector.cardinality = 3;
  BOOST_TEST(sample.read() == some, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_not_the_vector_of_its_entry_is_corrupt) {
  one_vector sample;
  sample.put(encode_deletion_vector(some));
  const stored_vector good = sample.vector;
  sample.vector.cardinality = 2;
  CHECK_FAILS(sample.read(), status::CORRUPT, "has 3 positions, its entry says 2");
  sample.vector = good;
  sample.vector.offset += 1;
  CHECK_FAILS(sample.read(), status::CORRUPT, "v.puffin");
  sample.vector.offset = 1 << 20;
  CHECK_FAILS(sample.read(), status::CORRUPT, "ends before the deletion vector");
  sample.vector = good;
  sample.vector.size = 1 << 20;
  CHECK_FAILS(sample.read(), status::CORRUPT, "ends before the deletion vector");
}

BOOST_AUTO_TEST_CASE(places_of_no_vector_are_refused_before_anything_is_read) {
  one_vector sample;
  sample.put(encode_deletion_vector(some));
  const stored_vector good = sample.vector;
  const auto refused = [&](std::int64_t offset, std::int64_t size) {
    sample.vector.offset = offset, sample.vector.size = size;
    CHECK_FAILS(sample.read(), status::INVALID_ARGUMENT, "no deletion vector has content_offset");
  };
  refused(-1, 30);
  refused(4, 0);
  refused(4, -1);
  refused(4, std::int64_t{1} << 31);
  refused(std::numeric_limits<std::int64_t>::max(), 30);
  sample.vector = good;
  sample.vector.path = "memory://elsewhere/v.puffin";
  CHECK_FAILS(sample.read(), status::INVALID_ARGUMENT, "");
  BOOST_TEST(sample.store->reads.empty());
  sample.vector.path = "memory://vectors/none.puffin";
  CHECK_FAILS(sample.read(), status::NOT_FOUND, "no such file");
}

BOOST_AUTO_TEST_CASE(a_vector_has_to_fit_into_memory) {
  one_vector sample(std::int64_t{16} << 20);
  positions many;
  for (std::int64_t i = 0; i < 3'000'000; ++i) many.push_back(i);  // 24 MB, out of a few hundred bytes
  sample.put(encode_deletion_vector(many));
  CHECK_FAILS(sample.read(), status::RESOURCE_EXHAUSTED, "");
  sample.vector.size = std::int64_t{1} << 30;
  CHECK_FAILS(sample.read(), status::RESOURCE_EXHAUSTED, "");
}

BOOST_AUTO_TEST_SUITE_END()
