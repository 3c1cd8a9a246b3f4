#include "http/http_date.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(http_date_test)

BOOST_AUTO_TEST_CASE(dates_and_what_is_none) {
  BOOST_TEST(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT").value() == 784111777000);
  BOOST_TEST(read_http_date("Thu, 01 Jan 1970 00:00:00 GMT").value() == 0);
  for (const char *none :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nop 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT"})
    BOOST_TEST(!read_http_date(none), none);
}

BOOST_AUTO_TEST_SUITE_END()
