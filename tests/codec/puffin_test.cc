#include "codec/puffin.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "base/little_endian.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(puffin_test)

namespace {

bytes file_with(std::string_view payload, std::uint32_t flags = 0, byte_view blobs = "12345678") {
  bytes file = "PFA1" + bytes(blobs) + "PFA1" + bytes(payload);
  append_le(file, static_cast<std::int32_t>(payload.size()));
  append_le(file, flags);
  return file + "PFA1";
}

puffin_footer footer_of(byte_view file) {
  const auto size = static_cast<std::int64_t>(file.size());
  const byte_view tail = file.substr(file.size() - std::min(file.size(), std::size_t{12}));
  const puffin_footer_extent at = find_puffin_footer(tail, size, "f.puffin");
  return read_puffin_footer(file.substr(static_cast<std::size_t>(at.offset), static_cast<std::size_t>(at.length)), at,
                            "f.puffin");
}

std::string blob_json(std::string_view offset, std::string_view length) {
  return fmt::format(
      R"({{"blobs":[{{"type":"t","fields":[1,-2],"snapshot-id":7,"sequence-number":8,"offset":{},"length":{}}}]}})",
      offset, length);
}

puffin_blob vector_facts(std::string path, std::string cardinality) {
  puffin_blob facts;
  facts.type = "deletion-vector-v1";
  facts.fields = {2147483645};
  facts.properties = {{"cardinality", std::move(cardinality)}, {"referenced-data-file", std::move(path)}};
  return facts;
}

}  // namespace

BOOST_AUTO_TEST_CASE(blobs_are_found_where_the_footer_says) {
  puffin_writer writer;
  const puffin_blob &first = writer.add(vector_facts("s3://b/\"a\"", "2"), "first");
  BOOST_TEST(first.offset == 4);
  BOOST_TEST(first.length == 5);
  writer.add(vector_facts("s3://b/c", "0"), "");
  writer.add(vector_facts("s3://b/d", "1"), "3rd");
  const bytes file = std::move(writer).finish();
  const puffin_footer footer = footer_of(file);
  BOOST_REQUIRE(footer.blobs.size() == 3);
  const puffin_blob &last = footer.blobs[2];
  BOOST_TEST(file.substr(static_cast<std::size_t>(last.offset), static_cast<std::size_t>(last.length)) == "3rd");
  BOOST_TEST(last.type == "deletion-vector-v1");
  BOOST_TEST(last.fields == std::vector<std::int32_t>{2147483645}, boost::test_tools::per_element());
  BOOST_TEST(last.snapshot_id == -1);
  BOOST_TEST(last.sequence_number == -1);
  BOOST_TEST(last.compression_codec.empty());
  BOOST_TEST((last.properties == puffin_properties{{"cardinality", "1"}, {"referenced-data-file", "s3://b/d"}}));
  BOOST_TEST(footer.blobs[0].properties[1].second == "s3://b/\"a\"");
  BOOST_REQUIRE(footer.properties.size() == 1);
  BOOST_TEST(footer.properties[0].first == "created-by");
  BOOST_TEST(footer.properties[0].second.starts_with("evodb_lakehouse "));
}

BOOST_AUTO_TEST_CASE(reads_statistics_of_other_writers) {
  const puffin_footer footer = footer_of(file_with(
      R"({"blobs":[{"type":"apache-datasketches-theta-v1","fields":[3],"snapshot-id":12,"sequence-number":4,"offset":4,)"
      R"("length":8,"compression-codec":"zstd","properties":{"ndv":"9"},"later":1}]})"));
  BOOST_TEST(footer.blobs.at(0).snapshot_id == 12);
  BOOST_TEST(footer.blobs.at(0).sequence_number == 4);
  BOOST_TEST(footer.blobs.at(0).compression_codec == "zstd");
  BOOST_TEST((footer.blobs.at(0).properties == puffin_properties{{"ndv", "9"}}));
  BOOST_TEST(footer.properties.empty());
  BOOST_TEST(footer_of(file_with(R"({"blobs":[]})", 0, "")).blobs.empty());
}

BOOST_AUTO_TEST_CASE(blobs_lie_before_the_footer) {
  BOOST_TEST(footer_of(file_with(blob_json("4", "8"))).blobs.at(0).length == 8);
  BOOST_TEST(footer_of(file_with(blob_json("12", "0"))).blobs.at(0).offset == 12);
  for (const auto &[offset, length] : {std::pair{"3", "1"},
                                       {"4", "9"},
                                       {"13", "0"},
                                       {"-1", "1"},
                                       {"4", "-1"},
                                       {"9223372036854775807", "1"},
                                       {"5", "9223372036854775807"}})
    CHECK_FAILS(footer_of(file_with(blob_json(offset, length))), status::CORRUPT, "outside of the file's blobs");
}

BOOST_AUTO_TEST_CASE(what_is_no_puffin_file_is_refused) {
  const bytes good = file_with(blob_json("4", "8"));
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FAILS(footer_of(good.substr(0, size)), status::CORRUPT, "f.puffin");
  bytes wrong = good;
  wrong[12] = 'X';
  CHECK_FAILS(footer_of(wrong), status::CORRUPT, "does not begin with its magic");
  for (const std::int32_t length : {-1, 0x7fffffff, static_cast<std::int32_t>(good.size()) - 19}) {
    wrong = good;
    wrong.replace(wrong.size() - 12, 4, reinterpret_cast<const char *>(&length), 4);
    CHECK_FAILS(footer_of(wrong), status::CORRUPT, "longer than the file");
  }
  for (const char *payload : {"", "[]", "{}", R"({"blobs":{}})", R"({"blobs":[{"type":"t"}]})", R"({"blobs":[1]})",
                              R"({"blobs":[],"properties":{"a":1}})"})
    BOOST_CHECK_EXCEPTION(footer_of(file_with(payload)), error,
                          [](const error &e) { return e.code() == status::CORRUPT && e.subject() == "f.puffin"; });
}

BOOST_AUTO_TEST_CASE(footers_longer_than_any_real_one_are_not_read) {
  bytes tail;
  append_le(tail, static_cast<std::int32_t>(max_puffin_footer_length + 1));
  append_le(tail, std::uint32_t{0});
  CHECK_FAILS(find_puffin_footer(tail + "PFA1", std::int64_t{1} << 40, "f.puffin"), status::CORRUPT, "any real one");
}

BOOST_AUTO_TEST_CASE(compressed_footers_and_later_flags_are_not_supported) {
  CHECK_FAILS(footer_of(file_with("{}", 1)), status::UNSUPPORTED, "compressed");
  for (const std::uint32_t flags : {2U, 3U, 0x100U, 0x80000000U})
    CHECK_FAILS(footer_of(file_with("{}", flags)), status::UNSUPPORTED, "flags");
}

BOOST_AUTO_TEST_SUITE_END()
