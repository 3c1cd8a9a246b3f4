#include "parquet/arrow_schema.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "base/error.h"
#include "failure.h"
#include "footer_builder.h"
#include "parquet/schema.h"
#include "real_file.h"

using namespace evodb;
using namespace evodb::testing;

BOOST_AUTO_TEST_SUITE(arrow_schema)

namespace {

constexpr const char *path = "tests/data/parquet/arrow_types.parquet";

std::string found_in(const parquet_footer &footer) {
  std::string text;
  for (const arrow_column &column : notable_arrow_columns(footer))
    text += column.full_name + ": " + column.unknown_type + column.field_id + "\n";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(durations_and_extensions_at_every_level) {
  const parquet_footer footer = real_file(path).footer();
  BOOST_TEST(found_in(footer) ==
             "within.lasts: duration\n"
             "text: arrow.json\n"
             "month: pandas.period\n"
             "local: timestamp with zone Europe/Paris\n"
             "price: decimal of 256 bits\n"
             "views: list view\n");
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(footer, "f"), error,
                        is_failure(status::UNSUPPORTED, "column within.lasts of f: Arrow's duration"));
}

BOOST_AUTO_TEST_CASE(what_only_the_arrow_schema_means_is_not_to_be_written_without_it) {
  const auto keeps_meaning = [](const error &e) {
    const auto said_of = [&, text = std::string(e.message())](std::string_view column) {
      const std::size_t begin = text.find("column " + std::string(column));
      return text.substr(begin, text.find("; column", begin) - begin);
    };
    for (const char *column : {"within.lasts", "month"}) {
      if (said_of(column).find("store_schema") != std::string::npos) return false;
    }
    return said_of("local").find("store_schema") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(real_file(path).footer(), "f"), error, keeps_meaning);
}

BOOST_AUTO_TEST_CASE(integers_that_polars_has) {
  parquet_footer footer;
  footer.key_value_metadata.emplace_back(
      "ARROW:schema",
      "/////6YAAAAEAAAA8v///xQAAAAEAAEAAAAKAAsACAAKAAQA+P///wwAAAAIAAgAAAAEAAIAAAA0AAAABAAAAMD///8gAAAAEAAA"
      "AAgAAAABAgAAAAAAALj///+AAAAAAQAAAAEAAABjAAAA7P///zgAAAAgAAAAGAAAAAECAAAQABIABAAQABEACAAAAAwAAAAAAPT/"
      "//9AAAAAAQAAAAgACQAEAAgAAQAAAGsA");
  BOOST_TEST(found_in(footer) == "c: integer of 128 bits\n");
}

BOOST_AUTO_TEST_CASE(field_ids_that_parquet_does_not_have) {
  file_facts facts;
  facts.columns = {group("c", {leaf("x", physical_type::int32)})};
  parquet_footer footer = read_footer(build_footer(facts), "f");
  footer.key_value_metadata.emplace_back(
      "ARROW:schema",
      "//////gAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAA"
      "AAAAAAENFAAAABwAAAAEAAAAAQAAACgAAAABAAAAYwAAAAQABgAEAAAAAAASABgACAAGAAcADAAAABAAFAASAAAAAAABAhQAAABcAAAA"
      "CAAAABAAAAAAAAAAAQAAAHgAAAABAAAADAAAAAgADAAEAAgACAAAABAAAAAEAAAAAgAAAC01AAAQAAAAUEFSUVVFVDpmaWVsZF9pZAAA"
      "AAAIAAwACAAHAAgAAAAAAAABIAAAAA==");
  BOOST_TEST(found_in(footer) == "c.x: -5\n");
  BOOST_CHECK_EXCEPTION(
      to_iceberg_fields(footer, "f"), error,
      is_failure(status::UNSUPPORTED, "column c.x of f: its field id -5 is in the file's ARROW:schema"));
  footer.root.children[0].field_id = 1;
  footer.root.children[0].children[0].field_id = 2;
  BOOST_TEST(to_iceberg_fields(footer, "f").size() == 1u);
}

BOOST_AUTO_TEST_CASE(files_without_it) {
  BOOST_TEST(found_in(real_file("tests/data/parquet/primitives.parquet").footer()) == "");
}

BOOST_AUTO_TEST_CASE(what_does_not_parse_says_nothing) {
  const parquet_footer whole = real_file(path).footer();
  BOOST_REQUIRE(whole.key_value_metadata.size() == 1u);
  const std::string text = whole.key_value_metadata[0].second;
  parquet_footer broken;
  const auto try_to_read = [&](std::string value) {
    broken.key_value_metadata = {{"ARROW:schema", std::move(value)}};
    notable_arrow_columns(broken);  // whatever it is, nothing is read beyond its end
  };
  for (std::size_t length = 0; length < text.size(); ++length) try_to_read(text.substr(0, length));
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char digit : {'A', 'B', 'g', '/', '*'}) {
      std::string changed = text;
      changed[at] = digit;
      try_to_read(std::move(changed));
    }
  }
  broken.key_value_metadata = {{"ARROW:schema", text.substr(0, text.size() / 2)}};
  BOOST_TEST(found_in(broken) == "");
}

BOOST_AUTO_TEST_SUITE_END()
