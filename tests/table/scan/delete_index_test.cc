#include "table/scan/delete_index.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "failure.h"
#include "model/value.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(delete_index_test)

namespace {

using names = std::vector<std::string>;
constexpr std::int32_t path_id = 2147483546;

/// Files of one manifest, whose spec has one partition field, or none.
class manifest {
 public:
  explicit manifest(std::int32_t spec_id = 0, std::optional<type> partition = type(type_kind::string))
      : spec_id_(spec_id), builder_(builder_of(spec_id, partition)) {}

  manifest &add(data_file file, std::int64_t sequence_number) {
    file.record_count = 1;
    builder_.add(file);
    numbers_.push_back(sequence_number);
    return *this;
  }
  /// `lost`: the partition of its files is not known.
  inherited_entries entries(bool lost = false) {
    auto made = std::make_shared<manifest_entries>();
    made->files = std::move(builder_).finish();
    made->statuses.assign(numbers_.size(), entry_status::added);
    made->sequence_numbers = numbers_;
    for (value_column &column : made->files.partitions) {
      if (lost) column.valid.assign(numbers_.size(), 0);
      if (lost) column.unknown.assign(numbers_.size(), 1);
    }
    return inherited_entries(std::move(made), manifest_inheritance(manifest_file()));
  }
  delete_index::source source(bool is_global = false, bool lost = false) {
    std::vector<std::uint32_t> rows(numbers_.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint32_t>(i);
    return {entries(lost), std::move(rows), is_global};
  }

 private:
  static data_files_builder builder_of(std::int32_t spec_id, const std::optional<type> &partition) {
    if (!partition) return data_files_builder(spec_id, {}, {});
    return data_files_builder(spec_id, {*partition}, {1000});
  }

  std::int32_t spec_id_;
  data_files_builder builder_;
  std::vector<std::int64_t> numbers_;
};

data_file file(std::string path, std::vector<value> partition = {std::string("a")}) {
  data_file made;
  made.file_path = std::move(path);
  made.partition = std::move(partition);
  return made;
}

data_file vector_of(std::string path, std::string referenced, std::int64_t offset = 4) {
  data_file made = file(std::move(path));
  made.content = file_content::position_deletes;
  made.format = file_format::puffin;
  made.referenced_data_file = std::move(referenced);
  made.content_offset = offset;
  made.content_size = 10;
  return made;
}

data_file positions(std::string path, std::optional<std::string> referenced = std::nullopt,
                    std::vector<value> partition = {std::string("a")}) {
  data_file made = file(std::move(path), std::move(partition));
  made.content = file_content::position_deletes;
  made.referenced_data_file = std::move(referenced);
  return made;
}

data_file positions_between(std::string path, std::string least, std::string greatest) {
  data_file made = positions(std::move(path));
  column_metrics paths;
  paths.field_id = path_id;
  paths.lower_bound = std::move(least);
  paths.upper_bound = std::move(greatest);
  made.metrics.push_back(std::move(paths));
  return made;
}

data_file equal(std::string path, std::vector<std::int32_t> ids = {1},
                std::vector<value> partition = {std::string("a")}) {
  data_file made = file(std::move(path), std::move(partition));
  made.content = file_content::equality_deletes;
  made.equality_ids = std::move(ids);
  return made;
}

/// Statistics of a column: counts of values, nulls and NaN, and both bounds.
data_file with(data_file of, std::int32_t field_id, std::int64_t values, std::int64_t nulls, std::int64_t nans,
               std::optional<bytes> lower, std::optional<bytes> upper) {
  column_metrics metrics;
  metrics.field_id = field_id;
  metrics.value_count = values;
  metrics.null_value_count = nulls;
  metrics.nan_value_count = nans;
  metrics.lower_bound = std::move(lower);
  metrics.upper_bound = std::move(upper);
  of.metrics.push_back(std::move(metrics));
  return of;
}

const std::map<std::int32_t, type> columns{{1, type_kind::int64}, {2, type_kind::string}};

bytes bound(std::int32_t field_id, const value &v) {
  return to_single_value(columns.at(field_id), v);
}

/// Without nulls and NaN.
data_file between(data_file of, std::int32_t field_id, const value &lower, const value &upper) {
  return with(std::move(of), field_id, 10, 0, 0, bound(field_id, lower), bound(field_id, upper));
}

names found(const delete_index &in, const inherited_entries &data, std::size_t row = 0) {
  std::vector<delete_file> applying;
  in.find(data, row, applying);
  names paths;
  for (const delete_file &one : applying) paths.emplace_back(one.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Of one data file, in partition "a" of spec 0 unless it says otherwise.
names found(std::vector<delete_index::source> deletes, data_file data, std::int64_t sequence_number,
            std::int32_t spec_id = 0) {
  const delete_index index(std::move(deletes), columns);
  return found(index, manifest(spec_id).add(std::move(data), sequence_number).entries());
}

/// One source of the delete files.
std::vector<delete_index::source> sources(manifest &of, bool is_global = false) {
  std::vector<delete_index::source> all;
  all.push_back(of.source(is_global));
  return all;
}

/// Whether a file of equality deletes applies to an older data file.
bool applies(data_file deletes, data_file data) {
  return !found(sources(manifest().add(std::move(deletes), 2)), std::move(data), 1).empty();
}

#define CHECK_FOUND(expression, ...) BOOST_TEST((expression) == (names{__VA_ARGS__}), boost::test_tools::per_element())

}  // namespace

BOOST_AUTO_TEST_CASE(a_vector_applies_to_the_file_that_it_references_unless_that_is_newer) {
  const auto deletes = [] { return sources(manifest().add(vector_of("v", "x"), 5).add(vector_of("w", "y"), 5)); };
  CHECK_FOUND(found(deletes(), file("x"), 4), "v");
  CHECK_FOUND(found(deletes(), file("x"), 5), "v");
  CHECK_FOUND(found(deletes(), file("x"), 6));
  CHECK_FOUND(found(deletes(), file("y"), 1), "w");
  CHECK_FOUND(found(deletes(), file("z"), 1));
}

BOOST_AUTO_TEST_CASE(no_position_delete_file_applies_where_a_vector_does) {
  const auto deletes = [] {
    return sources(manifest()
                       .add(vector_of("v", "x"), 5)
                       .add(positions("by path", "x"), 9)
                       .add(positions("by partition"), 9)
                       .add(equal("equality"), 9));
  };
  CHECK_FOUND(found(deletes(), file("x"), 5), "equality", "v");
  CHECK_FOUND(found(deletes(), file("x"), 6), "by partition", "by path", "equality");  // newer than the vector
  CHECK_FOUND(found(deletes(), file("y"), 1), "by partition", "equality");
}

BOOST_AUTO_TEST_CASE(two_vectors_of_a_file_are_corrupt) {
  const auto index = [](data_file first, data_file second) {
    return delete_index(sources(manifest().add(std::move(first), 5).add(std::move(second), 6)), columns).size();
  };
  CHECK_FAILS(index(vector_of("one.puffin", "x"), vector_of("two.puffin", "x", 40)), status::CORRUPT,
              "one.puffin at 4 and two.puffin at 40");
  BOOST_TEST(index(vector_of("one.puffin", "x"), vector_of("one.puffin", "y", 40)) == 2);
}

BOOST_AUTO_TEST_CASE(delete_files_that_do_not_say_what_they_delete_are_corrupt) {
  const auto index = [](data_file one) {
    return delete_index(sources(manifest().add(std::move(one), 5)), columns).size();
  };
  data_file no_reference = vector_of("v.puffin", "x");
  no_reference.referenced_data_file.reset();
  CHECK_FAILS(index(no_reference), status::CORRUPT, "without the data file that it is of");
  data_file no_place = vector_of("v.puffin", "x");
  no_place.content_offset.reset();
  no_place.content_size.reset();
  CHECK_FAILS(index(no_place), status::CORRUPT, "without its offset and size");
  manifest nothing_compared;
  nothing_compared.add(equal("e"), 5);
  delete_index::source source = nothing_compared.source();
  auto entries = std::make_shared<manifest_entries>(*source.entries);
  entries->files.equality_ids.offsets.assign(2, 0);
  source.entries = inherited_entries(entries, manifest_inheritance(manifest_file()));
  std::vector<delete_index::source> all;
  all.push_back(std::move(source));
  CHECK_FAILS(delete_index(std::move(all), columns).size(), status::CORRUPT, "which columns it compares");
}

BOOST_AUTO_TEST_CASE(positions_apply_to_files_that_are_not_newer) {
  const auto deletes = [] {
    return sources(manifest().add(positions("by path", "x"), 5).add(positions("by partition"), 5));
  };
  CHECK_FOUND(found(deletes(), file("x"), 4), "by partition", "by path");
  CHECK_FOUND(found(deletes(), file("x"), 5), "by partition", "by path");
  CHECK_FOUND(found(deletes(), file("x"), 6));
  CHECK_FOUND(found(deletes(), file("y"), 1), "by partition");
}

BOOST_AUTO_TEST_CASE(positions_of_no_one_file_apply_within_their_partition_and_spec) {
  const auto deletes = [] { return sources(manifest().add(positions("p"), 5)); };
  CHECK_FOUND(found(deletes(), file("x"), 1), "p");
  CHECK_FOUND(found(deletes(), file("x", {std::string("b")}), 1));
  CHECK_FOUND(found(deletes(), file("x", {null_value{}}), 1));
  CHECK_FOUND(found(deletes(), file("x"), 1, 7));
  const auto of_null = [] { return sources(manifest().add(positions("p", std::nullopt, {null_value{}}), 5)); };
  CHECK_FOUND(found(of_null(), file("x", {null_value{}}), 1), "p");
  CHECK_FOUND(found(of_null(), file("x", {std::string()}), 1));
}

BOOST_AUTO_TEST_CASE(positions_of_an_unpartitioned_spec_are_of_that_spec_alone) {
  const delete_index index(sources(manifest(0, std::nullopt).add(positions("p", std::nullopt, {}), 5), true), columns);
  CHECK_FOUND(found(index, manifest(0, std::nullopt).add(file("x", {}), 1).entries()), "p");
  CHECK_FOUND(found(index, manifest(1).add(file("x"), 1).entries()));
}

BOOST_AUTO_TEST_CASE(positions_apply_by_the_bounds_of_their_paths) {
  const auto deletes = [] {
    return sources(manifest().add(positions_between("p", "b", "d"), 5).add(positions_between("one", "c", "c"), 5));
  };
  CHECK_FOUND(found(deletes(), file("a"), 1));
  CHECK_FOUND(found(deletes(), file("b"), 1), "p");
  CHECK_FOUND(found(deletes(), file("c"), 1), "one", "p");
  CHECK_FOUND(found(deletes(), file("d"), 1), "p");
  CHECK_FOUND(found(deletes(), file("da"), 1));
  CHECK_FOUND(found(deletes(), file("\xc3\xbc"), 1));  // octets are unsigned
}

BOOST_AUTO_TEST_CASE(a_reference_names_its_file_whatever_the_partition) {
  const auto deletes = [] { return sources(manifest().add(positions("p", "x"), 5).add(vector_of("v", "y"), 5)); };
  CHECK_FOUND(found(deletes(), file("x", {std::string("b")}), 1), "p");
  CHECK_FOUND(found(deletes(), file("y"), 1, 7), "v");
  // Bounds that are one path reference it.
  const auto by_bounds = [] { return sources(manifest().add(positions_between("p", "x", "x"), 5)); };
  CHECK_FOUND(found(by_bounds(), file("x", {std::string("b")}), 1), "p");
  CHECK_FOUND(found(by_bounds(), file("y"), 1));
}

BOOST_AUTO_TEST_CASE(partitions_of_numbers_are_distinguished) {
  for (const type &of : {type(type_kind::int32), type(type_kind::int64)}) {
    const auto number = [&](std::int32_t n) {
      return of.is(type_kind::int32) ? value(n) : value(std::int64_t{n} << 32);
    };
    const auto is_found = [&](std::int32_t deletes, std::int32_t data) {
      manifest with(0, of), older(0, of);
      const delete_index index(sources(with.add(equal("e", {1}, {number(deletes)}), 5)), columns);
      return !found(index, older.add(file("x", {number(data)}), 1).entries()).empty();
    };
    BOOST_TEST(is_found(1, 1));
    BOOST_TEST(!is_found(1, 2));
    BOOST_TEST(!is_found(0, 256));
  }
}

BOOST_AUTO_TEST_CASE(equality_deletes_apply_to_older_files_alone) {
  const auto deletes = [] {
    return sources(manifest().add(equal("late"), 9).add(equal("early"), 3).add(equal("middle"), 5));
  };
  CHECK_FOUND(found(deletes(), file("x"), 2), "early", "late", "middle");
  CHECK_FOUND(found(deletes(), file("x"), 3), "late", "middle");
  CHECK_FOUND(found(deletes(), file("x"), 5), "late");
  CHECK_FOUND(found(deletes(), file("x"), 8), "late");
  CHECK_FOUND(found(deletes(), file("x"), 9));
  CHECK_FOUND(found(deletes(), file("x"), std::numeric_limits<std::int64_t>::max()));
}

BOOST_AUTO_TEST_CASE(equality_deletes_apply_within_their_partition_and_spec_or_everywhere) {
  const auto deletes = [] {
    std::vector<delete_index::source> all = sources(manifest(0).add(equal("of a"), 5));
    all.push_back(manifest(3, std::nullopt).add(equal("global", {1}, {}), 5).source(true));
    return all;
  };
  CHECK_FOUND(found(deletes(), file("x"), 1), "global", "of a");
  CHECK_FOUND(found(deletes(), file("x", {std::string("b")}), 1), "global");
  CHECK_FOUND(found(deletes(), file("x"), 1, 7), "global");
  CHECK_FOUND(found(deletes(), file("x"), 5));
}

BOOST_AUTO_TEST_CASE(float_partitions_are_equal_by_their_bits_but_every_nan_is_one) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto is_found = [](double deletes, double data) {
    manifest of(0, type(type_kind::float64)), older(0, type(type_kind::float64));
    const delete_index index(sources(of.add(equal("e", {1}, {deletes}), 5)), columns);
    return !found(index, older.add(file("x", {data}), 1).entries()).empty();
  };
  BOOST_TEST(is_found(1.5, 1.5));
  BOOST_TEST(!is_found(1.5, 1.25));
  BOOST_TEST(!is_found(0.0, -0.0));
  BOOST_TEST(is_found(nan, -nan));
  BOOST_TEST(is_found(nan, std::nan("17")));
  BOOST_TEST(!is_found(nan, 1.0));
}

BOOST_AUTO_TEST_CASE(equality_deletes_are_left_out_by_statistics_where_one_column_shows_that_none_applies) {
  data_file deletes = between(equal("e", {1, 2}), 1, std::int64_t{1}, std::int64_t{5});
  deletes = between(std::move(deletes), 2, std::string("a"), std::string("b"));
  data_file data = between(file("x"), 1, std::int64_t{1}, std::int64_t{5});
  BOOST_TEST(applies(deletes, data));
  BOOST_TEST(!applies(deletes, between(data, 2, std::string("c"), std::string("d"))));
  BOOST_TEST(!applies(deletes, between(file("x"), 1, std::int64_t{6}, std::int64_t{9})));
  BOOST_TEST(applies(deletes, file("x")));
  BOOST_TEST(applies(equal("e"), data));
  BOOST_TEST(applies(equal("e", {99}), data));  // a column that no schema has
}

BOOST_AUTO_TEST_CASE(the_columns_that_are_compared_are_those_whose_statistics_decide) {
  const delete_index index(
      sources(manifest().add(equal("e", {2, 1}), 5).add(equal("f", {1}), 5).add(equal("g", {99}), 5)), columns);
  const std::vector<std::int32_t> expected{2, 1};
  BOOST_TEST(index.compared_columns() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_partition_that_is_not_known_is_refused_only_where_it_decides) {
  const auto one = [](delete_index::source source) {
    std::vector<delete_index::source> all;
    all.push_back(std::move(source));
    return all;
  };
  CHECK_FAILS(delete_index(one(manifest().add(equal("e"), 5).source(false, true)), columns).size(), status::UNSUPPORTED,
              "not known");
  const delete_index anywhere(one(manifest().add(positions("p"), 5).source(false, true)), columns);
  CHECK_FOUND(found(anywhere, manifest().add(file("x", {std::string("b")}), 1).entries()), "p");
  CHECK_FOUND(found(anywhere, manifest().add(file("x"), 1).entries(true)), "p");
  const delete_index of_a(sources(manifest().add(positions("p"), 5)), columns);
  CHECK_FOUND(found(of_a, manifest().add(file("x"), 1).entries(true)), "p");
  const delete_index by_value(sources(manifest().add(equal("e"), 5)), columns);
  CHECK_FAILS(found(by_value, manifest().add(file("x"), 1).entries(true)), status::UNSUPPORTED, "not known");
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_delete_files_are_found_by_path) {
  constexpr int count = 100'000;
  manifest deletes, data;
  for (int i = 0; i < count; ++i) {
    const std::string path = "data/" + std::to_string(i);
    deletes.add(positions("deletes/" + std::to_string(i), path), 2);
    data.add(file(path), 1);
  }
  const delete_index index(sources(deletes), columns);
  const inherited_entries older = data.entries();
  std::vector<delete_file> applying;
  for (std::size_t row = 0; row < count; ++row) index.find(older, row, applying);
  BOOST_TEST_REQUIRE(applying.size() == static_cast<std::size_t>(count));
  for (std::size_t row = 0; row < count; ++row) {
    if (applying[row].referenced_data_file() != older->files.path(row)) BOOST_ERROR("row " << row);
  }
}

BOOST_AUTO_TEST_SUITE_END()
