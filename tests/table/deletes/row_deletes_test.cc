#include "table/deletes/row_deletes.h"

#include <boost/test/unit_test.hpp>

#include "codec/puffin.h"
#include "failure.h"
#include "parquet/footer.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(row_deletes_test)

namespace {

using positions = std::vector<std::int64_t>;

row_deletes deletes_of(std::string data_file, positions of, positions earlier = {}) {
  row_deletes deletes;
  deletes.data_file = std::move(data_file);
  deletes.partition = {bytes("eu")};
  deletes.positions = std::move(of);
  deletes.earlier.positions = std::move(earlier);
  return deletes;
}

template <typename... Deletes>
std::vector<row_deletes> list_of(Deletes... deletes) {
  std::vector<row_deletes> all;
  (all.push_back(std::move(deletes)), ...);
  return all;
}

positions vector_in(const new_delete_file &file, const data_file &entry) {
  memory_budget budget(1 << 20);
  return decode_deletion_vector(byte_view(file.content)
                                    .substr(static_cast<std::size_t>(entry.content_offset.value()),
                                            static_cast<std::size_t>(entry.content_size.value())),
                                "f", budget)
      .positions;
}

puffin_footer puffin_footer_of(byte_view file) {
  const puffin_footer_extent at = find_puffin_footer(file, static_cast<std::int64_t>(file.size()), "f");
  return read_puffin_footer(file.substr(static_cast<std::size_t>(at.offset), static_cast<std::size_t>(at.length)), at,
                            "f");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_puffin_file_has_a_vector_for_each_data_file) {
  const new_delete_file made = write_deletion_vectors(
      "s3://b/t/data/d.puffin",
      list_of(deletes_of("s3://b/t/data/a.parquet", {7, 3, 3}), deletes_of("s3://b/t/data/b.parquet", {0}, {0, 5})));
  BOOST_REQUIRE(made.entries.size() == 2);
  BOOST_TEST(vector_in(made, made.entries[0]) == (positions{3, 7}), boost::test_tools::per_element());
  BOOST_TEST(vector_in(made, made.entries[1]) == (positions{0, 5}), boost::test_tools::per_element());
  const puffin_footer footer = puffin_footer_of(made.content);
  for (std::size_t i = 0; i < 2; ++i) {
    const data_file &entry = made.entries[i];
    BOOST_TEST(entry.file_path == "s3://b/t/data/d.puffin");
    BOOST_TEST((entry.content == file_content::position_deletes));
    BOOST_TEST((entry.format == file_format::puffin));
    BOOST_TEST(entry.record_count == 2);
    BOOST_TEST(entry.file_size == static_cast<std::int64_t>(made.content.size()));
    BOOST_TEST((entry.partition == std::vector<value>{bytes("eu")}));
    BOOST_TEST(entry.referenced_data_file.value() == (i == 0 ? "s3://b/t/data/a.parquet" : "s3://b/t/data/b.parquet"));
    const puffin_blob &blob = footer.blobs.at(i);
    BOOST_TEST(blob.type == "deletion-vector-v1");
    BOOST_TEST(blob.fields == std::vector<std::int32_t>{2147483645}, boost::test_tools::per_element());
    BOOST_TEST(blob.snapshot_id == -1);
    BOOST_TEST(blob.sequence_number == -1);
    BOOST_TEST(blob.offset == entry.content_offset.value());
    BOOST_TEST(blob.length == entry.content_size.value());
    BOOST_TEST((blob.properties ==
                puffin_properties{{"cardinality", "2"}, {"referenced-data-file", *entry.referenced_data_file}}));
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_position_deletes_is_of_one_data_file) {
  const new_delete_file made =
      write_position_deletes("s3://b/t/data/d.parquet", deletes_of("s3://b/t/data/a.parquet", {70000, 3, 3, 9}));
  BOOST_REQUIRE(made.entries.size() == 1);
  const data_file &entry = made.entries[0];
  BOOST_TEST(entry.file_path == "s3://b/t/data/d.parquet");
  BOOST_TEST((entry.content == file_content::position_deletes));
  BOOST_TEST((entry.format == file_format::parquet));
  BOOST_TEST(entry.record_count == 3);
  BOOST_TEST(entry.file_size == static_cast<std::int64_t>(made.content.size()));
  BOOST_TEST(entry.referenced_data_file.value() == "s3://b/t/data/a.parquet");
  BOOST_TEST(!entry.content_offset);
  BOOST_TEST(entry.split_offsets == std::vector<std::int64_t>{4}, boost::test_tools::per_element());
  BOOST_REQUIRE(entry.metrics.size() == 2);
  BOOST_TEST(entry.metrics[0].field_id == 2147483545);
  BOOST_TEST(entry.metrics[0].lower_bound.value() == to_single_value(type_kind::int64, std::int64_t{3}));
  BOOST_TEST(entry.metrics[0].upper_bound.value() == to_single_value(type_kind::int64, std::int64_t{70000}));
  BOOST_TEST(entry.metrics[1].field_id == 2147483546);
  BOOST_TEST(entry.metrics[1].lower_bound.value() == "s3://b/t/data/a.parquet");
  BOOST_TEST(entry.metrics[1].upper_bound.value() == "s3://b/t/data/a.parquet");
  const footer_extent at = find_footer(made.content, entry.file_size, "f");
  const parquet_footer footer = read_footer(
      byte_view(made.content).substr(static_cast<std::size_t>(at.offset), static_cast<std::size_t>(at.length)), "f");
  BOOST_TEST(footer.num_rows == 3);
  BOOST_TEST(entry.metrics[0].column_size == footer.row_groups.at(0).columns.at(1).total_compressed_size);
  BOOST_TEST(entry.metrics[1].column_size == footer.row_groups.at(0).columns.at(0).total_compressed_size);
}

BOOST_AUTO_TEST_CASE(entries_are_what_a_manifest_takes) {
  data_files_builder builder(0, {type_kind::string}, {1000});
  builder.add(write_deletion_vectors("s3://b/v", list_of(deletes_of("s3://b/a", {1}))).entries.at(0));
  builder.add(write_position_deletes("s3://b/p", deletes_of("s3://b/a", {1})).entries.at(0));
  BOOST_TEST(std::move(builder).finish().size() == 2U);
}

BOOST_AUTO_TEST_CASE(positions_that_the_data_file_does_not_have_are_refused) {
  row_deletes deletes = deletes_of("s3://b/a", {9});
  deletes.record_count = 10;
  BOOST_TEST(write_position_deletes("s3://b/p", deletes).entries.size() == 1U);
  const auto refused = [&](positions of, const std::string &why) {
    deletes.positions = std::move(of);
    const auto is_named = [&](const error &e) {
      return failure(status::INVALID_ARGUMENT, why)(e) && e.subject() == "s3://b/a";
    };
    BOOST_CHECK_EXCEPTION(write_position_deletes("s3://b/p", deletes), error, is_named);
    std::vector<row_deletes> all;
    all.push_back(std::move(deletes));
    BOOST_CHECK_EXCEPTION(write_deletion_vectors("s3://b/v", all), error, is_named);
    deletes = std::move(all[0]);
  };
  refused({10}, "no row at position 10: the file has 10 rows");
  refused({-1, 3}, "position -1");
  refused({}, "no positions");
  CHECK_FAILS(write_deletion_vectors("s3://b/v", list_of(deletes_of("s3://b/a", {1}), deletes_of("s3://b/a", {2}))),
              status::INVALID_ARGUMENT, "two deletion vectors");
}

BOOST_AUTO_TEST_SUITE_END()
