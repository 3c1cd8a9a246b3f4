#include "table/portable_location.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "failure.h"
#include "table/files/inspect.h"
#include "table/files/upload.h"
#include "table/sample_table.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_AUTO_TEST_SUITE(portable_location)

BOOST_AUTO_TEST_CASE(what_others_read_as_something_else) {
  const auto refused = [](const std::string &text, const std::string &why) {
    CHECK_FAILS(check_portable_file(location::parse(text)), status::INVALID_ARGUMENT, why);
    CHECK_FAILS(check_portable_table(location::parse(text + "/t")), status::INVALID_ARGUMENT, why);
  };
  for (const std::string root : {"file:///", "s3://b/"}) {
    refused(root + "a#b", "has '#'");
    refused(root + "a?b", "has '?'");
    refused(root + "a\tb", "control character");
    refused(root + "a\nb/c", "control character");
    refused(root + "a\x7f", "control character");
  }
}

BOOST_AUTO_TEST_CASE(what_others_read_as_it_is) {
  for (const std::string text :
       {"file:///a b%2G%+&=;,@~[x]{y}*'!$^()/\xc3\xa4%2", "s3://b/x=%2F/a:b", "file:///a:b/c"}) {
    check_portable_file(location::parse(text));
    check_portable_table(location::parse(text));
  }
}

BOOST_AUTO_TEST_CASE(escapes_stand_for_themselves) {
  for (const std::string text : {"file:///lake/%74/t", "file:///lake/t%20"}) {
    check_portable_file(location::parse(text + "/f"));
    CHECK_FAILS(check_portable_table(location::parse(text)), status::INVALID_ARGUMENT, "stands for itself here");
  }
  CHECK_FAILS(check_portable_table(location::parse("/100%25")), status::INVALID_ARGUMENT, "has %25 in it");
}

BOOST_AUTO_TEST_CASE(empty_names_in_keys) {
  CHECK_FAILS(check_portable_file(location::parse("s3://b/a//f")), status::INVALID_ARGUMENT, "empty name");
  CHECK_FAILS(check_portable_table(location::parse("s3://b//t")), status::INVALID_ARGUMENT, "empty name");
  check_portable_table(location::parse("s3://b/lake/t/"));
  check_portable_file(location::parse("file:///a//f"));
}

BOOST_AUTO_TEST_CASE(colons_and_quotes) {
  CHECK_FAILS(check_portable_file(location::parse("file:///a/b:c")), status::INVALID_ARGUMENT, "Hadoop");
  check_portable_table(location::parse("file:///a/b:c"));
  CHECK_FAILS(check_portable_table(location::parse("file:///a\"b")), status::INVALID_ARGUMENT, "DuckDB");
  check_portable_file(location::parse("file:///t/a\"b"));
}

BOOST_AUTO_TEST_CASE(tables_and_their_files) {
  const sample_table sample;
  CHECK_FAILS(sample.create("a#b"), status::INVALID_ARGUMENT, "the table's location memory://sample/a#b");
  const table created = sample.create();
  CHECK_FAILS(data_file_location(created, "data/a?b.parquet", false), status::INVALID_ARGUMENT, "a?b.parquet has '?'");
  CHECK_FAILS(sample.files(created, "a\tb"), status::INVALID_ARGUMENT, "control character");
}

BOOST_AUTO_TEST_CASE(names_of_copies) {
  const auto name = [](std::string_view path) { return copied_name("u", path); };
  BOOST_TEST(name("/x/flights-2013_01.parquet") == "u-flights-2013_01.parquet");
  BOOST_TEST(name("/x/report#1?.parquet") == "u-report_1_.parquet");
  BOOST_TEST(name("a\tb\nc:d%41 e\x7f.parquet") == "u-a_b_c_d_41_e_.parquet");
  BOOST_TEST(name("\xc3\xa4.pq") == "u-__.pq.parquet");
  BOOST_TEST(name("/x/.parquet") == "u-.parquet");
  const std::string longest = name(std::string(255, 'x'));
  BOOST_TEST(longest.size() == 128u);
  BOOST_TEST(longest.ends_with("x.parquet"));
}

BOOST_AUTO_TEST_SUITE_END()
