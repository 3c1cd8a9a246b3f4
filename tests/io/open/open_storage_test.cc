#include "io/open/open_storage.h"

#include "failure.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

struct opener {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(open_storage_test, opener)

BOOST_AUTO_TEST_CASE(the_scheme_chooses_the_store) {
  BOOST_TEST(open_storage(environment, "/tmp/somewhere")->root().to_text() == "file:///tmp/somewhere");
  BOOST_TEST(open_storage(environment, "memory://m/a")->root().to_text() == "memory://m/a");
  s3_options of_bucket;
  of_bucket.account_id = "account";
  of_bucket.access_key_id = "key";
  of_bucket.secret_access_key = "secret";
  const auto bucket = open_storage(environment, "r2://bucket/prefix", of_bucket);
  BOOST_TEST(bucket->root().to_text() == "s3://bucket/prefix");
  BOOST_TEST(bucket->creates_exclusively());
  CHECK_FAILS(open_storage(environment, "gs://bucket/prefix"), status::INVALID_ARGUMENT, "an unknown scheme");
}

BOOST_AUTO_TEST_CASE(a_store_in_memory_is_shared_by_its_name) {
  memory_stores in_memory;
  const auto one = open_storage(environment, "memory://m/a", {}, &in_memory);
  const auto other = open_storage(environment, "memory://m/b", {}, &in_memory);
  BOOST_TEST(&one->store() == &other->store());
  BOOST_TEST(&one->store() != &open_storage(environment, "memory://m/a")->store());
}

BOOST_AUTO_TEST_CASE(nothing_reaches_out_of_its_root) {
  const auto opened = open_storage(environment, "memory://m/a");
  BOOST_TEST(opened->key_of("memory://m/a/b") == "a/b");
  CHECK_FAILS(opened->locate("memory://m/ab"), status::INVALID_ARGUMENT, "outside of the storage's root");
}

BOOST_AUTO_TEST_SUITE_END()
