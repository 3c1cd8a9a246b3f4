#include "arrow/import_data_files.h"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <limits>
#include <memory>

#include "arrow_arrays.h"
#include "failure.h"

using namespace evodb;
using evodb::testing::arrow_column;

BOOST_AUTO_TEST_SUITE(import_data_files)

namespace {

using ints = std::vector<std::int32_t>;
using longs = std::vector<std::int64_t>;

constexpr std::int64_t row_count = 3;

/// Three files: a.parquet, bc.parquet and d.parquet, with the required columns only.
std::unique_ptr<arrow_column> required_columns() {
  auto root = std::make_unique<arrow_column>("+s", "", row_count);
  root->child("u", "file_path", row_count).values(ints{0, 9, 19, 28}).text("a.parquetbc.parquetd.parquet");
  root->child("l", "record_count", row_count).values(longs{10, 20, 30});
  root->child("l", "file_size_in_bytes", row_count).values(longs{100, 200, 300});
  return root;
}

/// Row 0 has field ids 1 and 2, row 1 none, row 2 field id 2.
void add_count_map(arrow_column &root, const std::string &name, const longs &counts) {
  arrow_column &map = root.child("+m", name, row_count).values(ints{0, 2, 2, 3});
  arrow_column &entries = map.map_child(3, "l");
  entries["key"].values(ints{1, 2, 2});
  entries["value"].values(counts);
}

void add_bound_map(arrow_column &root, const std::string &name, const std::string &octets) {
  arrow_column &map = root.child("+m", name, row_count).values(ints{0, 2, 2, 3});
  arrow_column &entries = map.map_child(3, "z");
  entries["key"].values(ints{1, 2, 2});
  entries["value"].values(ints{0, 1, 2, 3}).text(octets);
}

std::unique_ptr<arrow_column> all_columns() {
  auto root = required_columns();
  root->child("u", "file_format", row_count).values(ints{0, 7, 11, 14}).text("parquetAVROorc");
  root->child("u", "partition", row_count).values(ints{0, 7, 14, 21}).text(R"({"p":1}{"p":2}{"p":3})");
  root->child("i", "sort_order_id", row_count).values(ints{0, 1, 2});
  arrow_column &offsets = root->child("+l", "split_offsets", row_count).values(ints{0, 1, 1, 3});
  offsets.child("l", "item", 3).values(longs{4, 4, 1004});
  add_count_map(*root, "column_sizes", {11, 12, 32});
  add_count_map(*root, "value_counts", {21, 22, 42});
  add_count_map(*root, "null_value_counts", {0, 1, 2});
  add_count_map(*root, "nan_value_counts", {3, 4, 5});
  add_bound_map(*root, "lower_bounds", "abc");
  add_bound_map(*root, "upper_bounds", "xyz");
  return root;
}

/// A deletion vector, a file of position deletes, and one of equality deletes.
std::unique_ptr<arrow_column> delete_columns() {
  auto root = required_columns();
  root->child("u", "content", row_count)
      .values(ints{0, 16, 32, 48})
      .text("position_deletesposition_deletesequality_deletes");
  root->child("u", "file_format", row_count).values(ints{0, 6, 6, 6}).text("puffin").validity({0b001});
  root->child("u", "referenced_data_file", row_count).values(ints{0, 1, 1, 1}).text("x").validity({0b001});
  root->child("l", "content_offset", row_count).values(longs{4, 0, 0}).validity({0b001});
  root->child("l", "content_size_in_bytes", row_count).values(longs{40, 0, 0}).validity({0b001});
  arrow_column &ids = root->child("+l", "equality_ids", row_count).values(ints{0, 0, 0, 2}).validity({0b100});
  ids.child("i", "item", 2).values(ints{2, 1});
  return root;
}

struct read_file {
  data_file file;
  std::string partition_json;
};

/// Of a table whose columns have field ids 1 to 9.
imported_data_files import(const arrow_column &root) {
  std::vector<field> fields;
  for (std::int32_t id = 1; id < 10; ++id)
    fields.push_back({id, std::to_string(id), false, type_kind::string, {}, {}, {}});
  return evodb::import_data_files(root.array, root.schema, schema(0, std::move(fields)));
}

std::vector<read_file> read_all(const arrow_column &root) {
  imported_data_files read = import(root);
  BOOST_TEST(!read.of_no_column);
  std::vector<read_file> files;
  for (std::size_t row = 0; row < read.paths.size(); ++row) {
    read.files.file_paths.push_back(read.files.keep(read.paths[row]));
    files.push_back({file_at(read.files, row), std::string(read.partitions[row])});
  }
  return files;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_required_columns_are_enough) {
  const auto files = read_all(*required_columns());
  BOOST_REQUIRE_EQUAL(files.size(), 3U);
  BOOST_TEST(files[1].file.file_path == "bc.parquet");
  BOOST_TEST((files[1].file.format == file_format::parquet));
  BOOST_TEST(files[1].file.record_count == 20);
  BOOST_TEST(files[1].file.file_size == 200);
  BOOST_TEST(files[1].partition_json.empty());
  BOOST_TEST(files[1].file.metrics.empty());
  BOOST_TEST(files[1].file.split_offsets.empty());
  BOOST_TEST(!files[1].file.sort_order_id);
}

BOOST_AUTO_TEST_CASE(every_column_is_read) {
  const auto files = read_all(*all_columns());
  BOOST_REQUIRE_EQUAL(files.size(), 3U);
  BOOST_TEST((files[1].file.format == file_format::avro));
  BOOST_TEST((files[2].file.format == file_format::orc));
  BOOST_TEST(files[2].partition_json == R"({"p":3})");
  BOOST_TEST(files[2].file.sort_order_id.value() == 2);
  BOOST_TEST(files[2].file.split_offsets == (longs{4, 1004}), boost::test_tools::per_element());
  BOOST_TEST(files[1].file.split_offsets.empty());

  BOOST_REQUIRE_EQUAL(files[0].file.metrics.size(), 2U);
  const column_metrics &second = files[0].file.metrics[1];
  BOOST_TEST(second.field_id == 2);
  BOOST_TEST(second.column_size == 12);
  BOOST_TEST(second.value_count == 22);
  BOOST_TEST(second.null_value_count == 1);
  BOOST_TEST(second.nan_value_count == 4);
  BOOST_TEST(second.lower_bound.value() == "b");
  BOOST_TEST(second.upper_bound.value() == "y");
  BOOST_TEST(files[1].file.metrics.empty());
  BOOST_REQUIRE_EQUAL(files[2].file.metrics.size(), 1U);
  BOOST_TEST(files[2].file.metrics[0].field_id == 2);
  BOOST_TEST(files[2].file.metrics[0].upper_bound.value() == "z");
}

BOOST_AUTO_TEST_CASE(delete_files_are_read) {
  const auto files = read_all(*delete_columns());
  BOOST_REQUIRE_EQUAL(files.size(), 3U);
  const data_file &vector = files[0].file, &positions = files[1].file, &equality = files[2].file;
  BOOST_TEST((vector.content == file_content::position_deletes));
  BOOST_TEST((vector.format == file_format::puffin));
  BOOST_TEST(vector.referenced_data_file.value() == "x");
  BOOST_TEST(vector.content_offset.value() == 4);
  BOOST_TEST(vector.content_size.value() == 40);
  BOOST_TEST((positions.content == file_content::position_deletes));
  BOOST_TEST(!positions.referenced_data_file);
  BOOST_TEST(!positions.content_offset);
  BOOST_TEST(!positions.content_size);
  BOOST_TEST((equality.content == file_content::equality_deletes));
  BOOST_TEST(equality.equality_ids == (ints{2, 1}), boost::test_tools::per_element());
  BOOST_TEST(positions.equality_ids.empty());
}

BOOST_AUTO_TEST_CASE(statistics_of_position_deletes_are_taken_for_them_alone) {
  auto root = delete_columns();
  add_count_map(*root, "value_counts", {21, 22, 42});
  const ints keys{2147483546, 2147483545, 2};
  (*root)["value_counts"].children.front()["key"].buffers()[1] = keys.data();
  const auto files = read_all(*root);
  BOOST_REQUIRE_EQUAL(files[0].file.metrics.size(), 2U);
  BOOST_TEST(files[0].file.metrics[0].field_id == 2147483545);
  BOOST_TEST(files[0].file.metrics[0].value_count == 22);
  BOOST_TEST(files[2].file.metrics.at(0).field_id == 2);
  const ints of_equality{1, 2, 2147483546};
  (*root)["value_counts"].children.front()["key"].buffers()[1] = of_equality.data();
  BOOST_TEST(import(*root).of_no_column.value().row == 2U);
}

BOOST_AUTO_TEST_CASE(what_only_delete_files_have_is_refused_of_data_files) {
  const std::string data = "datadataequality_deletes";
  for (const std::string name : {"referenced_data_file", "content_offset", "content_size_in_bytes"}) {
    auto root = delete_columns();
    (*root)["content"].buffers()[2] = data.data();
    const ints offsets{0, 4, 8, 24};
    (*root)["content"].buffers()[1] = offsets.data();
    (*root)["file_format"].validity({0b000});
    for (const std::string other : {"referenced_data_file", "content_offset", "content_size_in_bytes"}) {
      if (other != name) (*root)[other].validity({0b000});
    }
    CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, name + ": row 0: a data file has none");
  }
  auto root = delete_columns();
  (*root)["content"].validity({0b011});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "equality_ids: row 2: a data file has none");
  root = delete_columns();
  (*root)["content"].validity({0b110});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "file_format: row 0: expected parquet, avro or orc");
  root = delete_columns();
  const std::string nonsense = "position-deletesposition_deletesequality_deletes";
  (*root)["content"].buffers()[2] = nonsense.data();
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "content: row 0: expected data, position_deletes");
  root = delete_columns();
  const longs negative{-1, 0, 0};
  (*root)["content_offset"].buffers()[1] = negative.data();
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "content_offset: row 0: -1 is negative");
  root = delete_columns();
  (*root)["equality_ids"].children.front().validity({0b01});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "equality_ids: row 2: holds a null");
  root = delete_columns();
  (*root)["equality_ids"].children.front().schema.format = "l";
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "equality_ids: Arrow type 'l' where 'i' is expected");
}

BOOST_AUTO_TEST_CASE(statistics_of_different_columns_are_put_together_in_the_order_of_field_ids) {
  auto root = required_columns();
  add_count_map(*root, "value_counts", {21, 22, 42});
  add_count_map(*root, "null_value_counts", {7, 8, 9});
  arrow_column &keys = (*root)["null_value_counts"].children.front()["key"];
  const ints descending{9, 1, 1};
  keys.buffers()[1] = descending.data();
  const auto files = read_all(*root);
  const auto &metrics = files[0].file.metrics;
  BOOST_REQUIRE_EQUAL(metrics.size(), 3U);
  BOOST_TEST(metrics[0].field_id == 1);
  BOOST_TEST(metrics[0].value_count == 21);
  BOOST_TEST(metrics[0].null_value_count == 8);
  BOOST_TEST(metrics[1].field_id == 2);
  BOOST_TEST(metrics[1].null_value_count == -1);
  BOOST_TEST(metrics[2].field_id == 9);
  BOOST_TEST(metrics[2].value_count == -1);
  BOOST_TEST(metrics[2].null_value_count == 7);
  BOOST_TEST(!metrics[2].lower_bound);
}

BOOST_AUTO_TEST_CASE(statistics_of_columns_that_the_schema_lacks_are_left_out_and_reported) {
  auto root = required_columns();
  add_bound_map(*root, "lower_bounds", "abc");
  add_count_map(*root, "value_counts", {21, 22, 42});
  const ints keys{1, 10, 11};
  (*root)["value_counts"].children.front()["key"].buffers()[1] = keys.data();
  const imported_data_files read = import(*root);
  BOOST_TEST(read.of_no_column.value().row == 0U);
  BOOST_TEST(read.of_no_column->field_id == 10);
  BOOST_REQUIRE_EQUAL(read.files.metrics.size(), 2U);
  BOOST_TEST(read.files.metrics[0].value_counts == (longs{21, -1, -1}), boost::test_tools::per_element());
  BOOST_TEST(read.files.metrics[1].value_counts.empty());
  BOOST_TEST(read.files.metrics[1].lower_bounds.size() == 3U);
}

BOOST_AUTO_TEST_CASE(statistics_that_no_file_has_are_no_column) {
  auto root = all_columns();
  (*root)["value_counts"].children.front()["value"].validity({0b000});
  (*root)["upper_bounds"].children.front()["value"].validity({0b000});
  const imported_data_files read = import(*root);
  for (const metrics_column &metrics : read.files.metrics) {
    BOOST_TEST(metrics.value_counts.empty());
    BOOST_TEST(metrics.upper_bounds.empty());
    BOOST_TEST(metrics.lower_bounds.size() == 3U);
  }
}

BOOST_AUTO_TEST_CASE(large_variants_are_taken) {
  arrow_column root("+s", "", 2);
  root.child("U", "file_path", 2).values(longs{0, 1, 3}).text("abc");
  root.child("l", "record_count", 2).values(longs{1, 2});
  root.child("l", "file_size_in_bytes", 2).values(longs{1, 2});
  root.child("+L", "split_offsets", 2).values(longs{0, 2, 2}).child("l", "item", 2).values(longs{4, 8});
  arrow_column &entries = root.child("+m", "lower_bounds", 2).values(ints{0, 1, 2}).map_child(2, "Z");
  entries["key"].values(ints{1, 1});
  entries["value"].values(longs{0, 0, 4}).text("wxyz");
  const auto files = read_all(root);
  BOOST_TEST(files[1].file.file_path == "bc");
  BOOST_TEST(files[0].file.split_offsets == (longs{4, 8}), boost::test_tools::per_element());
  BOOST_TEST(files[0].file.metrics.at(0).lower_bound.value().empty());
  BOOST_TEST(files[1].file.metrics.at(0).lower_bound.value() == "wxyz");
}

BOOST_AUTO_TEST_CASE(offsets_of_the_struct_its_columns_and_their_children_add_up) {
  auto root = all_columns();
  root->offset(1);
  auto files = read_all(*root);
  BOOST_REQUIRE_EQUAL(files.size(), 2U);
  BOOST_TEST(files[1].file.file_path == "d.parquet");
  BOOST_TEST(files[1].file.metrics.at(0).column_size == 32);

  // One more in front of a column, of a list's elements, of a map's entries and of their keys and values.
  arrow_column shifted("+s", "", 1);
  shifted.child("u", "file_path", 2).values(ints{0, 1, 2}).text("ab").offset(1);
  shifted.child("l", "record_count", 2).values(longs{-7, 1}).offset(1);
  shifted.child("l", "file_size_in_bytes", 1).values(longs{2});
  shifted.child("+l", "split_offsets", 2)
      .values(ints{0, 1, 2})
      .offset(1)
      .child("l", "item", 3)
      .values(longs{-7, -7, 4})
      .offset(1);
  arrow_column &map = shifted.child("+m", "value_counts", 2).values(ints{0, 1, 2}).offset(1);
  arrow_column &entries = map.map_child(3, "l").offset(1);
  entries["key"].array.length = entries["value"].array.length = 4;
  entries["key"].values(ints{-7, -7, -7, 5}).offset(1);
  entries["value"].values(longs{-7, -7, -7, 50}).offset(1);
  files = read_all(shifted);
  BOOST_REQUIRE_EQUAL(files.size(), 1U);
  BOOST_TEST(files[0].file.file_path == "b");
  BOOST_TEST(files[0].file.record_count == 1);
  BOOST_TEST(files[0].file.split_offsets == longs{4}, boost::test_tools::per_element());
  BOOST_TEST(files[0].file.metrics.at(0).field_id == 5);
  BOOST_TEST(files[0].file.metrics.at(0).value_count == 50);
}

BOOST_AUTO_TEST_CASE(a_null_in_an_optional_column_says_nothing) {
  auto root = all_columns();
  for (arrow_column &column : root->children) {
    const std::string name = column.schema.name;
    if (name != "file_path" && name != "record_count" && name != "file_size_in_bytes") column.validity({0b101}, 1);
  }
  (*root)["upper_bounds"].children.front()["value"].validity({0b110}, 1);
  (*root)["value_counts"].children.front()["value"].validity({0b110});
  const auto files = read_all(*root);
  BOOST_TEST((files[1].file.format == file_format::parquet));
  BOOST_TEST(files[1].partition_json.empty());
  BOOST_TEST(!files[1].file.sort_order_id);
  BOOST_TEST(!files[0].file.metrics.at(0).upper_bound);
  BOOST_TEST(files[0].file.metrics.at(0).lower_bound.value() == "a");
  BOOST_TEST(files[0].file.metrics.at(0).value_count == -1);
}

BOOST_AUTO_TEST_CASE(an_array_without_rows_may_lack_its_buffers) {
  auto root = all_columns();
  root->array.length = 0;
  for (arrow_column &column : root->children) {
    column.array.length = 0;
    for (std::int64_t b = 0; b < column.array.n_buffers; ++b) column.buffers()[b] = nullptr;
  }
  BOOST_TEST(read_all(*root).empty());
}

BOOST_AUTO_TEST_CASE(nulls_where_a_value_is_required_name_column_and_row) {
  for (const std::string name : {"file_path", "record_count", "file_size_in_bytes"}) {
    auto root = required_columns();
    (*root)[name].validity({0b011}, 1);
    CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, name + ": row 2");
  }
  auto root = required_columns();
  root->validity({0b101});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "row 1");
  root = all_columns();
  (*root)["split_offsets"].children.front().validity({0b011});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "split_offsets: row 2");
  root = all_columns();
  (*root)["value_counts"].children.front()["key"].validity({0b011});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "value_counts: row 2: a key is null");
  root = all_columns();
  (*root)["value_counts"].children.front().validity({0b101});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "value_counts: row 0: a key is null");
}

BOOST_AUTO_TEST_CASE(wrong_columns_are_named) {
  auto root = required_columns();
  root->child("l", "row_count", row_count).values(longs{1, 2, 3});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "row_count: not a column of data files");
  root = required_columns();
  root->child("l", "record_count", row_count).values(longs{1, 2, 3});
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "record_count: comes twice");
  root = required_columns();
  root->schema.n_children = root->array.n_children = 2;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "file_size_in_bytes: missing");
  root = required_columns();
  (*root)["record_count"].schema.name = nullptr;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "not a column of data files");

  const std::pair<const char *, const char *> other_types[] = {
      {"file_path", "z"},      {"record_count", "i"},  {"file_size_in_bytes", "g"}, {"sort_order_id", "l"},
      {"split_offsets", "+m"}, {"value_counts", "+l"}, {"lower_bounds", "+s"},      {"partition", nullptr}};
  for (const auto &[column, format] : other_types) {
    root = all_columns();
    (*root)[column].schema.format = format;
    CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, std::string(column) + ": Arrow type");
  }
  root = all_columns();
  (*root)["value_counts"].children.front()["value"].schema.format = "z";
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "value_counts: Arrow type 'z' where 'l' is expected");
  root = all_columns();
  (*root)["lower_bounds"].children.front()["value"].schema.format = "u";
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "lower_bounds: Arrow type 'u' where 'z' or 'Z' is expected");
  root = all_columns();
  root->schema.format = "+l";
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "Arrow type '+l' where '+s' is expected");
  root = all_columns();
  ArrowSchema dictionary{};
  (*root)["sort_order_id"].schema.dictionary = &dictionary;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "sort_order_id: dictionary-encoded");
}

BOOST_AUTO_TEST_CASE(wrong_values_are_named) {
  auto root = all_columns();
  const std::string formats = "parquetPNG.orc";
  (*root)["file_format"].buffers()[2] = formats.data();
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT,
              "file_format: row 1: expected parquet, avro or orc, or puffin for a deletion vector, got 'PNG.'");
  root = required_columns();
  const std::string paths = "a.parquet\xFF\xFE.parquetd.parquet";
  (*root)["file_path"].buffers()[2] = paths.data();
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "file_path: row 1: not UTF-8");
  root = all_columns();
  const ints keys{2, 2, 2};
  (*root)["lower_bounds"].children.front()["key"].buffers()[1] = keys.data();
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "lower_bounds: row 0: holds field id 2 twice");
}

BOOST_AUTO_TEST_CASE(released_structures_are_refused) {
  auto root = required_columns();
  root->array.release = nullptr;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "released");
  root = required_columns();
  root->schema.release = nullptr;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "released");
  root = required_columns();
  (*root)["record_count"].array.release = nullptr;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "released");
}

BOOST_AUTO_TEST_CASE(broken_structures_are_refused) {
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::function<void(arrow_column &)>> breakages{
      [](arrow_column &c) { c.array.length = -1; },
      [](arrow_column &c) {
        c.array.length = huge;
        c.array.offset = huge;
      },
      [](arrow_column &c) { c.array.offset = -1; },
      [](arrow_column &c) { c.array.length = 2; },  // shorter than the struct
      [](arrow_column &c) { c.array.n_buffers = 1; },
      [](arrow_column &c) { c.array.n_buffers = 7; },
      [](arrow_column &c) { c.array.n_buffers = -1; },
      [](arrow_column &c) { c.array.buffers = nullptr; },
      [](arrow_column &c) { c.buffers()[1] = nullptr; },
      [](arrow_column &c) { c.array.null_count = 1; },  // without a validity
      [](arrow_column &c) { c.array.null_count = -2; },
      [](arrow_column &c) { c.validity({0}, 4); },
      [](arrow_column &c) { c.array.n_children += 1; },
      [](arrow_column &c) { c.array.n_children = -1; },
      [](arrow_column &c) { c.schema.n_children += 1; },
      [](arrow_column &c) { c.schema.n_children = -1; }};
  for (const std::string name :
       {"file_path", "record_count", "sort_order_id", "split_offsets", "value_counts", "upper_bounds"}) {
    for (std::size_t i = 0; i < breakages.size(); ++i) {
      BOOST_TEST_CONTEXT(name << ", breakage " << i) {
        auto root = all_columns();
        breakages[i]((*root)[name]);
        CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, name);
      }
    }
  }
  auto root = all_columns();
  root->array.length = -1;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "length -1");
  root = all_columns();
  root->array.n_children = root->schema.n_children = -1;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT);
  root = all_columns();
  root->array.children[1] = nullptr;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "child 1");
  root = all_columns();
  root->schema.children = nullptr;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "child 0");
  root = all_columns();
  (*root)["file_path"].buffers()[2] = nullptr;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "file_path: buffer 2");
}

BOOST_AUTO_TEST_CASE(dictionaries_are_refused_wherever_they_are_said) {
  const std::string names[] = {"file_path", "record_count", "split_offsets", "value_counts", "lower_bounds"};
  arrow_column values("u", "", 0);
  for (const std::string &name : names) {
    auto root = all_columns();
    (*root)[name].array.dictionary = &values.array;
    CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, name + ": its array has a dictionary, but its schema");
    (*root)[name].schema.dictionary = &values.schema;
    CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, name + ": dictionary-encoded, which is not taken");
    (*root)[name].array.dictionary = nullptr;
    CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, name + ": dictionary-encoded, which is not taken");
  }
  auto root = all_columns();
  root->array.dictionary = &values.array;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "its array has a dictionary");
  root = all_columns();
  (*root)["value_counts"].children.front()["value"].array.dictionary = &values.array;
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "value_counts: its array has a dictionary");
}

BOOST_AUTO_TEST_CASE(types_that_are_no_text_are_shown_in_escapes) {
  auto root = all_columns();
  (*root)["file_path"].schema.format = "\xff\xff";
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, R"(file_path: Arrow type '\xff\xff' where 'u' or 'U')");
}

BOOST_AUTO_TEST_CASE(broken_offsets_are_refused) {
  const ints falling{0, 2, 1, 3}, negative{-1, 0, 1, 2}, beyond{0, 1, 2, 4};
  for (const std::string name : {"file_path", "partition", "split_offsets", "value_counts", "lower_bounds"}) {
    for (const ints *offsets : {&falling, &negative}) {
      auto root = all_columns();
      (*root)[name].buffers()[1] = offsets->data();
      CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, name + ": its offsets");
    }
  }
  for (const std::string name : {"split_offsets", "value_counts", "lower_bounds"}) {
    auto root = all_columns();
    (*root)[name].buffers()[1] = beyond.data();
    CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, name + ": its array has 3 values");
  }
  auto root = all_columns();
  (*root)["lower_bounds"].children.front()["value"].buffers()[1] = falling.data();
  CHECK_FAILS(read_all(*root), status::INVALID_ARGUMENT, "lower_bounds: its offsets fall");
}

BOOST_AUTO_TEST_SUITE_END()
