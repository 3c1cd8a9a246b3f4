#include "io/local/hidden_files.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(hidden_files_test)

BOOST_AUTO_TEST_CASE(they_lie_beside_what_they_belong_to) {
  BOOST_TEST(lock_key_of("a/b/version-hint.text") == "a/b/.version-hint.text.lock");
  BOOST_TEST(lock_key_of("/a/b") == "/a/.b.lock");
  BOOST_TEST(checksum_key_of("v1.metadata.json") == ".v1.metadata.json.crc");
}

BOOST_AUTO_TEST_SUITE_END()
