#include "catalog/filesystem/attempt_text.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(attempt_text_test)

BOOST_AUTO_TEST_CASE(is_read_back) {
  const attempt_text written{7, "5f0c6b2e-6f6a-4a4e-9b0e-2b7f5d6c1a11", 1764400000000};
  const attempt_text read = attempt_text::parse(written.to_text());
  BOOST_TEST(written.to_text() == "7.5f0c6b2e-6f6a-4a4e-9b0e-2b7f5d6c1a11.1764400000000");
  BOOST_TEST(read.version == written.version);
  BOOST_TEST(read.id == written.id);
  BOOST_TEST(read.first_signed_ms == written.first_signed_ms);
}

BOOST_AUTO_TEST_CASE(what_no_attempt_has_is_refused) {
  const std::string id = "5f0c6b2e-6f6a-4a4e-9b0e-2b7f5d6c1a11";
  for (const std::string &text :
       {std::string(), std::string("."), std::string(".."), "7." + id, "7.." + id, "." + id + ".5", "7." + id + ".",
        "0." + id + ".5", "-7." + id + ".5", "7." + id + ".-5", "7x." + id + ".5", "7." + id + ".5 ",
        "7." + id.substr(1) + ".5", "7." + id + ".1." + id + ".5", "99999999999999999999." + id + ".5"}) {
    CHECK_FAILS(attempt_text::parse(text), status::INVALID_ARGUMENT, "not a commit token");
  }
}

BOOST_AUTO_TEST_SUITE_END()
