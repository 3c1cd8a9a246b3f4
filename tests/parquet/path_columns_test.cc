#include "parquet/path_columns.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(path_columns)

namespace {

field named(std::string name, std::int32_t id) {
  field made;
  made.id = id;
  made.name = std::move(name);
  made.type = type_kind::int64;
  return made;
}

std::string text_of(const std::vector<field> &columns) {
  std::string text;
  for (const field &one : columns) text += fmt::format("{} {} {};", one.id, one.name, one.type.to_text());
  return text;
}

void refused(std::string_view file, std::string_view why) {
  BOOST_CHECK_EXCEPTION(with_columns_of_path({named("a", 0)}, file), error, is_failure(status::INVALID_ARGUMENT, why));
}

}  // namespace

BOOST_AUTO_TEST_CASE(they_come_last_with_the_types_that_their_values_show) {
  const std::string path =
      "/data/x=0/lake/year=2013/m=01/n=-3000000000/d=2013-07-01/s=20130701x/e=/t=2013-7-1/z=007/q%20r=a%2Fb/f";
  BOOST_TEST(
      text_of(with_columns_of_path({named("a", 0)}, path)) ==
      "0 a long;0 year int;0 m string;0 n long;0 d date;0 s string;0 e string;0 t string;0 z string;0 q r string;");
}

BOOST_AUTO_TEST_CASE(ids_go_on_where_the_file_has_some) {
  BOOST_TEST(text_of(with_columns_of_path({named("a", 7), named("b", 3)}, "/y=1/z=2/f")) ==
             "7 a long;3 b long;8 y int;9 z int;");
}

BOOST_AUTO_TEST_CASE(the_file_and_the_nearest_folder_decide) {
  BOOST_TEST(text_of(with_columns_of_path({named("a", 0)}, "/z=x/A=1/Z=2/f")) == "0 a long;0 z int;");
}

BOOST_AUTO_TEST_CASE(a_partition_by_the_columns_that_the_path_has) {
  const schema columns(0, {named("b", 1), named("a", 2), named("c", 3)});
  const partition_spec spec = partition_of_path(columns, "/c=1/lake/x=0/A=1/b=2/a=3/f");
  std::string text;
  for (const partition_field &p : spec.fields)
    text += fmt::format("{} {} {} {};", p.field_id, p.name, p.source_id(), p.transform.to_text());
  BOOST_TEST(text == "1000 a 2 identity;1001 b 1 identity;");
  BOOST_CHECK_EXCEPTION(partition_of_path(columns, "/x=1/f"), error,
                        is_failure(status::INVALID_ARGUMENT, "/x=1/f: no folder NAME=VALUE"));
}

BOOST_AUTO_TEST_CASE(paths_that_show_nothing) {
  refused("/a/b/f", "no folder NAME=VALUE");
  refused("/z=__HIVE_DEFAULT_PARTITION__/f", "z=__HIVE_DEFAULT_PARTITION__ shows no type: name a file");
  refused("/z=%ff/f", "not UTF-8");
  refused("/a%00b=5/f", "which DuckDB takes for the end");
  refused("/_file=5/f", "Spark reserves the name");
}

BOOST_AUTO_TEST_SUITE_END()
