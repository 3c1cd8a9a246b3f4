#include "parquet/hive_path.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(hive_path)

namespace {

std::string value_of(std::string_view path, std::string_view column) {
  const std::optional<hive_folder> found = find_hive_folder(path, column);
  return found ? found->value.value_or("NULL") : "NONE";
}

}  // namespace

BOOST_AUTO_TEST_CASE(folders_of_a_column) {
  BOOST_TEST(value_of("file:///a/dt=1/region=eu/f.parquet", "dt") == "1");
  BOOST_TEST(value_of("file:///a/dt=1/region=eu/f.parquet", "region") == "eu");
  BOOST_TEST(value_of("dt=1/f", "dt") == "1");
  BOOST_TEST(value_of("/dt=1=2/f", "dt") == "1=2");
  BOOST_TEST(value_of("/dt=/f", "dt") == "");
  BOOST_TEST(value_of("/dt=1/dt=2/f", "dt") == "2");
  BOOST_TEST(value_of("/DT=1/f", "dt") == "1");
  BOOST_TEST(value_of("/dt=__HIVE_DEFAULT_PARTITION__/f", "dt") == "NULL");
  BOOST_TEST(find_hive_folder("/a%20b=c%2Fd/f", "a b").value().text == "a%20b=c%2Fd");
}

BOOST_AUTO_TEST_CASE(what_is_none) {
  BOOST_TEST(value_of("", "dt") == "NONE");
  BOOST_TEST(value_of("dt=1", "dt") == "NONE");  // the file's own name
  BOOST_TEST(value_of("/a/dt=1.parquet", "dt") == "NONE");
  BOOST_TEST(value_of("/dt2=1/xdt=1/dt/f", "dt") == "NONE");
}

BOOST_AUTO_TEST_CASE(names_directly_above_the_file) {
  BOOST_TEST(hive_columns("/env=prod/lake/dt=1/a%20b=c/f") == (std::vector<std::string>{"a b", "dt"}),
             boost::test_tools::per_element());
  BOOST_TEST(hive_columns("/dt=1/lake/f").empty());
  BOOST_TEST(hive_columns("dt=1").empty());
}

BOOST_AUTO_TEST_CASE(texts_that_integers_are_written_as) {
  for (const char *text : {"0", "7", "-7", "10", "-3000000000"}) BOOST_TEST(is_canonical_integer(text), text);
  for (const char *text : {"", "-", "+7", "007", "-0", "00", "-01", "7x", "7.0"})
    BOOST_TEST(!is_canonical_integer(text), text);
}

BOOST_AUTO_TEST_CASE(percent_signs) {
  BOOST_TEST(value_of("/c=%41%c3%A4/f", "c") == "A\xc3\xa4");
  BOOST_TEST(value_of("/c=100%/f", "c") == "100%");
  BOOST_TEST(value_of("/c=%4/f", "c") == "%4");
  BOOST_TEST(value_of("/c=%zz/f", "c") == "%zz");
}

BOOST_AUTO_TEST_SUITE_END()
