#include "http/origin.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(origin_test)

BOOST_AUTO_TEST_CASE(a_host_header_has_the_port_that_is_not_the_schemes_own) {
  BOOST_TEST((origin{true, "h.org", 443}).host_header() == "h.org");
  BOOST_TEST((origin{true, "h.org", 80}).host_header() == "h.org:80");
  BOOST_TEST((origin{false, "h.org", 80}).host_header() == "h.org");
  BOOST_TEST((origin{false, "::1", 443}).host_header() == "[::1]:443");
}

BOOST_AUTO_TEST_CASE(this_machine_by_its_very_name) {
  for (const char *host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) BOOST_TEST(is_loopback(host), host);
  for (const char *host : {"127.evil.org", "localhost.evil.org", "128.0.0.1", "::2", ""})
    BOOST_TEST(!is_loopback(host), host);
}

BOOST_AUTO_TEST_SUITE_END()
