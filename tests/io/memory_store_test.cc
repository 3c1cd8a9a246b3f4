#include "io/memory_store.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "failure.h"
#include "io/store_contract.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(memory_store_test)

namespace {

struct fixture : store_under_test {
  fixture() {
    thread_runtime_options options;
    options.io_threads = 2;
    environment = make_thread_runtime(options);
    store = make_memory_store(environment, "test");
    prefix = "some/prefix/";
  }
};

}  // namespace

BOOST_DATA_TEST_CASE_F(fixture, keeps_the_contract, boost::unit_test::data::make(store_contract()), promise) {
  promise.check(*this);
}

BOOST_FIXTURE_TEST_CASE(says_what_it_is, fixture) {
  BOOST_TEST(store->root().to_text() == "memory://test/");
  BOOST_TEST(store->creates_exclusively());
  BOOST_TEST(!store->may_have_other_names());
}

BOOST_AUTO_TEST_SUITE_END()
