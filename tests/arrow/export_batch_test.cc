#include "arrow/export_batch.h"

#include <boost/test/unit_test.hpp>
#include <optional>

#include "arrow/array_view.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(export_batches)

namespace {

using kind = export_column::kind;

const std::vector<export_column> columns{{"path", kind::utf8, false},
                                         {"spec", kind::int32, true},
                                         {"size", kind::int64, true},
                                         {"offsets", kind::int64_list, true},
                                         {"note", kind::utf8, true}};

/// Every second row has nulls.
void fill(export_batch &batch, int rows) {
  for (int row = 0; row < rows; ++row) {
    batch.append_text(0, "file-" + std::to_string(row));
    if (row % 2 == 1) {
      for (std::size_t column = 1; column < columns.size(); ++column) batch.append_null(column);
      continue;
    }
    const std::vector<std::int64_t> offsets{4, row};
    batch.append_int32(1, row);
    batch.append_int64(2, std::int64_t{row} << 40);
    batch.append_list(3, offsets);
    batch.append_text(4, "");
  }
}

struct exported {
  explicit exported(int rows) {
    export_batch batch(columns);
    fill(batch, rows);
    export_schema(columns, *schema);
    std::move(batch).finish(*array);
  }
  imported_array column(int i) {
    return {(*schema).children[i], (*array).children[i], columns[static_cast<std::size_t>(i)].name};
  }

  owned<ArrowSchema> schema;
  owned<ArrowArray> array;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_schema_describes_the_columns) {
  owned<ArrowSchema> schema;
  export_schema(columns, *schema);
  BOOST_TEST((*schema).format == std::string("+s"));
  BOOST_REQUIRE_EQUAL((*schema).n_children, 5);
  const char *formats[] = {"u", "i", "l", "+l", "u"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const ArrowSchema &column = *(*schema).children[i];
    BOOST_TEST(column.format == std::string(formats[i]));
    BOOST_TEST(column.name == columns[i].name);
    BOOST_TEST(column.flags == (columns[i].is_nullable ? ARROW_FLAG_NULLABLE : 0));
    BOOST_TEST(column.n_children == (i == 3 ? 1 : 0));
  }
  const ArrowSchema &element = *(*schema).children[3]->children[0];
  BOOST_TEST(element.format == std::string("l"));
  BOOST_TEST(element.name == std::string("item"));
  BOOST_TEST(element.flags == 0);
}

BOOST_AUTO_TEST_CASE(what_goes_out_can_be_read_back) {
  for (const int rows : {0, 1, 2, 7, 8, 9, 64, 1000}) {
    exported batch(rows);
    BOOST_TEST((*batch.array).length == rows);
    BOOST_TEST((*batch.array).children[2]->null_count == rows / 2);
    const array_range all{0, rows};
    const text_view paths(batch.column(0), all);
    const number_view<std::int32_t> specs(batch.column(1), all);
    const number_view<std::int64_t> sizes(batch.column(2), all);
    const number_list_view<std::int64_t> offsets(batch.column(3), all);
    const text_view notes(batch.column(4), all);
    for (int row = 0; row < rows; ++row) {
      const bool has_nulls = row % 2 == 1;
      BOOST_TEST(!paths.is_null(row));
      BOOST_TEST(paths.at(row) == "file-" + std::to_string(row));
      BOOST_TEST(specs.is_null(row) == has_nulls);
      BOOST_TEST(sizes.is_null(row) == has_nulls);
      BOOST_TEST(offsets.is_null(row) == has_nulls);
      BOOST_TEST(notes.is_null(row) == has_nulls);
      BOOST_TEST(notes.at(row).empty());
      BOOST_TEST(offsets.end(row) - offsets.begin(row) == (has_nulls ? 0 : 2));
      if (has_nulls) continue;
      BOOST_TEST(specs.at(row) == row);
      BOOST_TEST(sizes.at(row) == std::int64_t{row} << 40);
      BOOST_TEST(offsets.values.at(offsets.end(row) - 1) == row);
    }
  }
}

BOOST_AUTO_TEST_CASE(lists_of_structs_go_out) {
  std::vector<export_column> of_structs{{"file", kind::utf8, false}, {"deletes", kind::struct_list, false}};
  of_structs[1].fields = {{"path", kind::utf8, false}, {"offset", kind::int64, true}, {"ids", kind::int32_list, true}};
  for (const int rows : {0, 1, 5, 100}) {
    export_batch batch(of_structs);
    for (int row = 0; row < rows; ++row) {
      batch.append_text(0, std::to_string(row));
      for (int i = 0; i < row % 3; ++i) {
        export_batch &structs = batch.structs(1);
        structs.append_text(0, std::to_string(row * 10 + i));
        if (i == 0) {
          structs.append_int64(1, row);
          structs.append_null(2);
        } else {
          structs.append_null(1);
          structs.append_list(2, std::vector<std::int32_t>{row, i});
        }
      }
      batch.end_list(1);
    }
    BOOST_TEST((batch.size_in_bytes() > 0) == (rows > 0));
    owned<ArrowSchema> schema;
    owned<ArrowArray> array;
    export_schema(of_structs, *schema);
    std::move(batch).finish(*array);

    const ArrowSchema &described = *(*schema).children[1];
    BOOST_TEST(described.format == std::string("+l"));
    BOOST_TEST(described.children[0]->format == std::string("+s"));
    BOOST_TEST(described.children[0]->flags == 0);
    BOOST_REQUIRE_EQUAL(described.children[0]->n_children, 3);
    BOOST_TEST(described.children[0]->children[2]->children[0]->format == std::string("i"));

    const ArrowArray &list = *(*array).children[1], &structs = *list.children[0];
    BOOST_REQUIRE_EQUAL(list.length, rows);
    BOOST_TEST(list.n_buffers == 2);
    BOOST_TEST(structs.n_buffers == 1);
    const auto *offsets = static_cast<const std::int32_t *>(list.buffers[1]);
    const array_range all{0, structs.length};
    const imported_array items{described.children[0], &structs, "deletes"};
    const array_view nested(items, all, 3);
    const text_view paths(items.child(0), all);
    const number_view<std::int64_t> places(items.child(1), all);
    const number_list_view<std::int32_t> ids(items.child(2), all);
    BOOST_TEST(offsets[rows] == structs.length);
    for (int row = 0; row < rows; ++row) {
      BOOST_REQUIRE_EQUAL(offsets[row + 1] - offsets[row], row % 3);
      for (int i = 0; i < row % 3; ++i) {
        const std::int32_t at = offsets[row] + i;
        BOOST_TEST(paths.at(at) == std::to_string(row * 10 + i));
        BOOST_TEST(places.is_null(at) == (i > 0));
        BOOST_TEST(ids.is_null(at) == (i == 0));
        if (i > 0) BOOST_TEST(ids.values.at(ids.begin(at)) == row);
        if (i > 0) BOOST_TEST(ids.end(at) - ids.begin(at) == 2);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_child_moved_out_outlives_its_parent) {
  std::optional<exported> batch(std::in_place, 9);
  ArrowArray *list = (*batch->array).children[3];
  const owned<ArrowArray> elements(list->children[0]);
  owned<ArrowArray> paths((*batch->array).children[0]);
  owned<ArrowSchema> described((*batch->schema).children[0]);
  batch.reset();
  const text_view view({&*described, &*paths, "path"}, {0, 9});
  BOOST_TEST(view.at(8) == "file-8");
}

BOOST_AUTO_TEST_CASE(release_marks_as_released) {
  exported batch(3);
  ArrowArray array = batch.array.give();
  ArrowSchema schema = batch.schema.give();
  array.release(&array);
  schema.release(&schema);
  BOOST_TEST((array.release == nullptr));
  BOOST_TEST((schema.release == nullptr));
}

BOOST_AUTO_TEST_CASE(the_size_counts_the_values) {
  export_batch batch(columns);
  BOOST_TEST(batch.size_in_bytes() == 0U);
  batch.append_text(0, "12345");
  batch.append_int32(1, 1);
  batch.append_int64(2, 1);
  batch.append_list(3, std::vector<std::int64_t>{1, 2});
  BOOST_TEST(batch.size_in_bytes() == 5U + 4U + 8U + 16U);
}

BOOST_AUTO_TEST_CASE(numbers_are_an_array_on_their_own) {
  for (const std::vector<std::int64_t> &numbers : {std::vector<std::int64_t>{}, {3, -1, std::int64_t{1} << 40}}) {
    owned<ArrowSchema> schema;
    owned<ArrowArray> array;
    export_int64s("pos", numbers, *array, *schema);
    BOOST_TEST((*schema).format == std::string("l"));
    BOOST_TEST((*schema).name == std::string("pos"));
    BOOST_TEST((*schema).flags == 0);
    BOOST_REQUIRE_EQUAL((*array).length, static_cast<std::int64_t>(numbers.size()));
    BOOST_TEST((*array).null_count == 0);
    BOOST_REQUIRE_EQUAL((*array).n_buffers, 2);
    const auto *const values = static_cast<const std::int64_t *>((*array).buffers[1]);
    BOOST_TEST(std::vector<std::int64_t>(values, values + numbers.size()) == numbers, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(values_are_read_back_from_a_batch) {
  const std::vector<export_column> more{
      {"truth", kind::boolean, true}, json_column("json", true), {"at", kind::fixed_width, true, "tsm:UTC", 8}};
  export_batch batch(columns), others(more);
  fill(batch, 20);
  for (int row = 0; row < 20; ++row) {
    const std::int64_t at = -row;
    if (row % 3 == 2) {
      for (std::size_t column = 0; column < 3; ++column) others.append_null(column);
      continue;
    }
    others.append_boolean(0, row % 2 == 0);
    others.append_text_or_null(1, row % 3 == 0 ? "{}" : "");
    others.append_octets(2, std::string_view(reinterpret_cast<const char *>(&at), sizeof at));
  }
  BOOST_TEST(batch.row_count() == 20);
  BOOST_TEST(more[1].is_json);
  for (std::size_t row = 0; row < 20; ++row) {
    const bool is_null = row % 2 == 1, is_other_null = row % 3 == 2;
    BOOST_TEST(!batch.column(0).is_null(row));
    BOOST_TEST(batch.column(0).text(row) == "file-" + std::to_string(row));
    for (std::size_t column = 1; column < columns.size(); ++column)
      BOOST_TEST(batch.column(column).is_null(row) == is_null);
    BOOST_TEST(batch.column(1).number(row) == (is_null ? 0 : static_cast<std::int64_t>(row)));
    BOOST_TEST(batch.column(2).number(row) == (is_null ? 0 : static_cast<std::int64_t>(row) << 40));
    BOOST_TEST(others.column(0).is_null(row) == is_other_null);
    BOOST_TEST(others.column(0).number(row) == (!is_other_null && row % 2 == 0 ? 1 : 0));
    BOOST_TEST(others.column(1).is_null(row) == (row % 3 != 0));
    BOOST_TEST(others.column(1).text(row) == (row % 3 == 0 ? "{}" : ""));
    BOOST_TEST(others.column(2).number(row) == (is_other_null ? 0 : -static_cast<std::int64_t>(row)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
