#include "io/probe/exclusive_creation.h"

#include "failure.h"
#include "io/memory_store.h"
#include "io/peculiar_store.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

struct required {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
  std::shared_ptr<peculiar_store> store = std::make_shared<peculiar_store>(make_memory_store(environment, "required"));
  const storage where{environment, store, location::parse("memory://required/", "/")};

  int require() {
    store->requests = 0;
    return run_to_end(environment, [&]() -> task<int> {
      location folder = where.root().child("metadata");
      co_await require_exclusive_creation(where, std::move(folder));
      co_return store->requests;
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exclusive_creation_test, required)

BOOST_AUTO_TEST_CASE(a_store_that_is_exclusive_by_construction_is_not_probed) {
  BOOST_TEST(require() == 0);
}

BOOST_AUTO_TEST_CASE(another_one_is_probed_once) {
  store->is_known = false;
  BOOST_TEST(!where.creates_exclusively());
  BOOST_TEST(require() > 0);
  BOOST_TEST(where.creates_exclusively());
  BOOST_TEST(require() == 0);
}

BOOST_AUTO_TEST_CASE(an_unsafe_store_is_refused_each_time) {
  store->is_known = false;
  store->ignores_if_none_match = true;
  for (int i = 0; i < 2; ++i) CHECK_FAILS(require(), status::UNSAFE_STORE, "If-None-Match");
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_written_says_so) {
  store->is_known = false;
  store->refuses_writes = true;
  CHECK_FAILS(require(), status::ACCESS_DENIED, "refuses to write");
}

BOOST_AUTO_TEST_SUITE_END()
