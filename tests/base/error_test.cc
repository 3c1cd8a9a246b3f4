#include "base/error.h"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(error_test)

BOOST_AUTO_TEST_CASE(statuses_have_names_and_unique_numbers) {
  const std::set<int> numbers{
#define EVODB_STATUS(NAME, number, retryable, may_have_committed, text) number,
#include "base/error_codes.def"
#undef EVODB_STATUS
  };
  std::size_t count = 0;
#define EVODB_STATUS(NAME, number, retryable, committed, text) \
  ++count;                                                     \
  BOOST_TEST(name_of(status::NAME) == std::string(#NAME));     \
  BOOST_TEST(is_retryable(status::NAME) == retryable);         \
  BOOST_TEST(may_have_committed(status::NAME) == committed);
#include "base/error_codes.def"
#undef EVODB_STATUS
  BOOST_TEST(numbers.size() == count);
}

BOOST_AUTO_TEST_CASE(only_an_unknown_commit_and_one_still_waited_for_may_have_committed) {
  BOOST_TEST(may_have_committed(status::COMMIT_STATE_UNKNOWN));
  BOOST_TEST(may_have_committed(status::WAIT_TIMED_OUT));
  BOOST_TEST(is_retryable(status::WAIT_TIMED_OUT));
  BOOST_TEST(!may_have_committed(status::DEADLINE_EXCEEDED));
  BOOST_TEST(is_retryable(status::DEADLINE_EXCEEDED));
  BOOST_TEST(is_retryable(status::COMMIT_STATE_UNKNOWN));
  BOOST_TEST(!may_have_committed(status::CONFLICT));
  BOOST_TEST(!is_retryable(status::INVALID_ARGUMENT));
}

BOOST_AUTO_TEST_CASE(numbers_that_are_no_status) {
  BOOST_TEST(name_of(static_cast<status>(77)) == std::string("UNKNOWN"));
  BOOST_TEST(!is_retryable(static_cast<status>(77)));
  BOOST_TEST(!may_have_committed(static_cast<status>(-1)));
  BOOST_TEST(name_of(status::ok) == std::string("OK"));
}

BOOST_AUTO_TEST_CASE(carries_message_and_subject) {
  try {
    fail(status::NOT_FOUND, "no such column: 'x'", "x");
  } catch (const std::exception &e) {
    BOOST_TEST(e.what() == std::string("no such column: 'x'"));
    BOOST_TEST(dynamic_cast<const error &>(e).subject() == "x");
  }
}

BOOST_AUTO_TEST_CASE(is_utf8_whatever_it_quotes) {
  const error quoting(status::INVALID_ARGUMENT, "no format: '\xff'", "\xc3");
  BOOST_TEST(quoting.message() == R"(no format: '\xff')");
  BOOST_TEST(quoting.subject() == R"(\xc3)");
}

BOOST_AUTO_TEST_SUITE_END()
