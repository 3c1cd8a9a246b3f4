#include "io/probe/write_probe.h"

#include <cstdlib>

#include "failure.h"
#include "io/memory_store.h"
#include "io/peculiar_store.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

struct probed {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
  std::shared_ptr<object_store> beneath = make_memory_store(environment, "probed");
  peculiar_store store{beneath};

  write_probe probe() {
    return run_to_end(environment, [&] { return probe_writes(store, *environment, "folder/.probe"); });
  }
  bool is_left_behind() {
    return run_to_end(environment, [&] { return beneath->head("folder/.probe"); }).has_value();
  }
};

bool says(const std::optional<error> &why, status code, const char *part) {
  return why && why->code() == code && why->message().find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(write_probe_test, probed)

BOOST_AUTO_TEST_CASE(nothing_to_say_of_a_good_store) {
  const write_probe found = probe();
  BOOST_TEST((!found.write && !found.if_none_match && !found.if_match && !found.removal));
  BOOST_TEST(found.clock_ahead_ms.value() == 0);
  BOOST_TEST(store.requests == 7);
  BOOST_TEST(!is_left_behind());
}

BOOST_AUTO_TEST_CASE(a_refused_write_is_tried_once) {
  store.refuses_writes = true;
  const write_probe found = probe();
  BOOST_TEST(says(found.write, status::ACCESS_DENIED, "refuses to write"));
  BOOST_TEST((!found.if_none_match && !found.if_match && !found.clock_ahead_ms));
  BOOST_TEST(store.requests == 1);
}

BOOST_AUTO_TEST_CASE(ignored_conditions_are_noticed) {
  store.ignores_if_none_match = true;
  store.ignores_if_match = true;
  const write_probe found = probe();
  BOOST_TEST(says(found.if_none_match, status::UNSAFE_STORE, "ignores If-None-Match"));
  BOOST_TEST(says(found.if_match, status::UNSAFE_STORE, "ignores If-Match"));
  BOOST_TEST(!is_left_behind());
}

BOOST_AUTO_TEST_CASE(an_object_that_never_matches_is_noticed) {
  store.never_matches = true;
  const write_probe found = probe();
  BOOST_TEST(!found.if_none_match);
  BOOST_TEST(says(found.if_match, status::UNSAFE_STORE, "own ETag"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_deleted_is_told) {
  store.refuses_deletes = true;
  const write_probe found = probe();
  BOOST_TEST(says(found.removal, status::ACCESS_DENIED, "refuses to delete"));
  BOOST_TEST((!found.write && is_left_behind()));
}

BOOST_AUTO_TEST_CASE(clocks_are_compared) {
  store.clock_ahead_ms = 90'000;
  BOOST_TEST(std::abs(probe().clock_ahead_ms.value() + 90'000) < 5'000);
  store.clock_ahead_ms = -90'000;
  BOOST_TEST(std::abs(probe().clock_ahead_ms.value() - 90'000) < 5'000);
  store.clock_ahead_ms = -500;  // the store tells whole seconds
  BOOST_TEST(probe().clock_ahead_ms.value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
