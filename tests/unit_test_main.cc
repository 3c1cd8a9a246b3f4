#define BOOST_TEST_MODULE evodb_lakehouse
#include <boost/test/unit_test.hpp>
