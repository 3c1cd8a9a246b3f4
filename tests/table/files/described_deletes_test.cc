// A delete file that a caller describes is of one kind, and has what that kind has.

#include "table/files/described_deletes.h"

#include <functional>

#include "failure.h"
#include "model/position_delete_columns.h"
#include "table/sample_table.h"

using namespace evodb;
using namespace evodb::table_tests;

namespace {

struct described_deletes_table : sample_table {
  explicit described_deletes_table(int format_version = 2) : of(create("deletes", format_version)) {}

  static data_file file(const std::string &path = "data/a.parquet", file_format format = file_format::parquet) {
    data_file one;
    one.file_path = path;
    one.format = format;
    one.record_count = 10;
    one.file_size = 1000;
    return one;
  }
  /// As the row-wise builder does it.
  void add(described_files &files, data_file one, const std::function<void(data_file &)> &make) const {
    one.file_path = files.locate(one.file_path, one.format);
    files.begin(one, R"({"region":"eu"})");
    make(one);
    for (const column_metrics &metrics : one.metrics) files.check(one, metrics);
    files.add_checked(one);
  }
  std::function<void(data_file &)> positions(const described_files &files, const std::string &referenced = "",
                                             std::int64_t offset = -1, std::int64_t size = -1) const {
    return [=, &files](data_file &one) { files.make_position_deletes(one, referenced, offset, size); };
  }
  std::function<void(data_file &)> equality(const described_files &files, std::vector<std::int32_t> ids) const {
    return [=, &files](data_file &one) { files.make_equality_deletes(one, ids); };
  }
  void refused(const std::function<void(described_files &)> &describing, const std::string &why,
               status code = status::INVALID_ARGUMENT) const {
    described_files files(of, false);
    BOOST_CHECK_EXCEPTION(describing(files), error, failure(code, why));
    BOOST_TEST(files.count() == 0);
  }

  const table of;
};

struct version_3 : described_deletes_table {
  version_3() : described_deletes_table(3) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(described_deletes_test, described_deletes_table)

BOOST_AUTO_TEST_CASE(position_and_equality_deletes_are_described) {
  described_files files(of, false);
  add(files, file("data/p.parquet"), positions(files));
  add(files, file("data/one.parquet"), positions(files, "data/x.parquet"));
  add(files, file("data/verbatim.parquet"), positions(files, "s3://elsewhere/a%20b"));
  add(files, file("data/e.parquet"), equality(files, {2, 1}));
  const auto described = files.finish();
  BOOST_TEST_REQUIRE(described->batches.size() == 1U);
  const data_files &batch = *described->batches[0];
  BOOST_TEST(
      (batch.contents == std::vector<file_content>{file_content::position_deletes, file_content::position_deletes,
                                                   file_content::position_deletes, file_content::equality_deletes}));
  BOOST_TEST(batch.text(batch.referenced_data_files[0]).empty());
  BOOST_TEST(batch.text(batch.referenced_data_files[1]) == "memory://sample/deletes/data/x.parquet");
  BOOST_TEST(batch.text(batch.referenced_data_files[2]) == "s3://elsewhere/a%20b");
  BOOST_TEST(batch.equality_ids.values == (std::vector<std::int32_t>{2, 1}), boost::test_tools::per_element());
  CHECK_FAILS(append(of, described, {}), status::INVALID_ARGUMENT, "evodb_table_row_delta");
}

BOOST_AUTO_TEST_CASE(position_deletes_have_statistics_of_their_own_columns) {
  const auto with = [&](std::int32_t id, std::int64_t nulls) {
    return [=, this](described_files &files) {
      add(files, file(), [&](data_file &one) {
        files.make_position_deletes(one, "", -1, -1);
        one.metrics.emplace_back().field_id = id;
        one.metrics.back().value_count = 10;
        one.metrics.back().null_value_count = nulls;
      });
    };
  };
  described_files files(of, false);
  with(delete_file_path_id, 0)(files);
  BOOST_TEST(files.count() == 1);
  refused(with(1, 0), "statistics of field id 1, which position deletes do not have");
  refused(with(delete_position_id, 1), "column pos is required", status::INCOMPATIBLE_SCHEMA);
}

BOOST_AUTO_TEST_CASE(equality_deletes_may_hold_what_no_row_of_the_table_is) {
  described_files files(of, false);
  add(files, file(), [&](data_file &one) {
    files.make_equality_deletes(one, std::vector<std::int32_t>{1, 2});
    one.metrics.emplace_back().field_id = 1;  // which is required
    one.metrics.back().null_value_count = 10;
    one.metrics.emplace_back().field_id = 2;  // which is another partition's
    one.metrics.back().lower_bound = one.metrics.back().upper_bound = "us";
  });
  BOOST_TEST(files.count() == 1);
  refused(
      [&](described_files &of_position) {
        add(of_position, file(), [&](data_file &one) {
          of_position.make_equality_deletes(one, std::vector<std::int32_t>{1});
          one.metrics.emplace_back().field_id = delete_file_path_id;
        });
      },
      "which the schema does not have");
}

BOOST_AUTO_TEST_CASE(facts_that_do_not_go_together_are_refused) {
  const auto make = [&](data_file one, const std::function<void(described_files &, data_file &)> &body) {
    return [=, this](described_files &files) { add(files, one, [&](data_file &begun) { body(files, begun); }); };
  };
  const auto equal_by = [&](std::vector<std::int32_t> ids) {
    return make(file(), [=](described_files &files, data_file &one) { files.make_equality_deletes(one, ids); });
  };
  refused(equal_by({}), "must name the columns");
  refused(equal_by({1, 99}), "field id 99, which the schema does not have");
  refused(equal_by({1, 1}), "column id twice");
  const auto place = [&](file_format format, const std::string &referenced, std::int64_t offset, std::int64_t size) {
    return make(file("data/a.puffin", format), [=](described_files &files, data_file &one) {
      files.make_position_deletes(one, referenced, offset, size);
    });
  };
  refused(place(file_format::parquet, "", 4, 10), "are of deletion vectors");
  refused(place(file_format::parquet, "", -1, 10), "are of deletion vectors");
  refused(place(file_format::parquet, "", -2, -1), "content_offset -2 is negative");
  refused(place(file_format::parquet, "", -1, -7), "content_size_in_bytes -7 is negative");
  refused(make(file("data/a.puffin", file_format::puffin), [](described_files &, data_file &) {}),
          "only a deletion vector is in a Puffin file");
  refused(make(file("data/a.puffin", file_format::puffin),
               [](described_files &files, data_file &one) {
                 files.make_equality_deletes(one, std::vector<std::int32_t>{1});
               }),
          "equality deletes are not in Puffin files");
  refused(make(file(),
               [](described_files &files, data_file &one) {
                 files.make_position_deletes(one, "", -1, -1);
                 files.make_equality_deletes(one, std::vector<std::int32_t>{1});
               }),
          "it is a delete file already");
  refused(make(file(),
               [](described_files &files, data_file &one) {
                 one.split_offsets = {4};
                 files.make_position_deletes(one, "", -1, -1);
               }),
          "before its statistics and split offsets");
  refused(make(file(),
               [](described_files &files, data_file &one) {
                 one.sort_order_id = 1;
                 files.make_position_deletes(one, "", -1, -1);
               }),
          "no sort order");
}

BOOST_AUTO_TEST_CASE(only_columns_with_one_value_a_row_are_compared) {
  const type inner = type::structure({{0, "x", false, type_kind::float64, {}, {}, {}}});
  const type tags = type::list({0, "element", false, type_kind::string, {}, {}, {}});
  const schema columns(0,
                       keep_or_assign_ids({{0, "s", false, inner, {}, {}, {}}, {0, "tags", false, tags, {}, {}, {}}}));
  const table nested = create_table(tables->find("nested"), columns, partition_spec(), 2, {});
  const auto compare = [&](const std::string &name) {
    data_file one = file();
    describe_equality_deletes(one, *nested.metadata(), std::vector<std::int32_t>{columns.find(name)->id});
    return one.equality_ids.size();
  };
  BOOST_TEST(compare("s.x") == 1U);
  for (const char *name : {"s", "tags", "tags.element"}) {
    CHECK_FAILS(compare(name), status::INVALID_ARGUMENT, "no one value to compare");
  }
}

BOOST_AUTO_TEST_CASE(a_builder_holds_data_or_delete_files) {
  described_files deletes(of, false);
  add(deletes, file("data/d.parquet"), positions(deletes));
  CHECK_FAILS(deletes.add(file("data/x.parquet"), R"({"region":"eu"})"), status::INVALID_ARGUMENT,
              "a data file after delete files");
  add(deletes, file("data/e.parquet"), positions(deletes));
  BOOST_TEST(deletes.count() == 2);
  described_files data(of, false);
  data.add(file("data/x.parquet"), R"({"region":"eu"})");
  CHECK_FAILS(add(data, file("data/d.parquet"), positions(data)), status::INVALID_ARGUMENT, "a delete file after data");
  BOOST_TEST(data.count() == 1);
  data.finish();
  add(data, file("data/d.parquet"), positions(data));  // it is empty again
  BOOST_TEST(data.count() == 1);
}

BOOST_AUTO_TEST_CASE(version_2_has_no_vectors_and_version_1_no_deletes) {
  data_file vector = file("data/v.puffin", file_format::puffin);
  refused([&](described_files &files) { add(files, vector, positions(files, "data/x.parquet", 4, 40)); },
          "deletion vectors are of format version 3", status::UNSUPPORTED);
  table_metadata first = *of.metadata();
  first.format_version = 1;
  data_file one = file();
  CHECK_FAILS(describe_position_deletes(one, first, std::nullopt, std::nullopt, std::nullopt), status::UNSUPPORTED,
              "version 1 have no delete files");
  CHECK_FAILS(describe_equality_deletes(one, first, std::vector<std::int32_t>{1}), status::UNSUPPORTED, "version 1");
}

BOOST_FIXTURE_TEST_CASE(version_3_takes_vectors_and_equality_deletes, version_3) {
  described_files files(of, false);
  const auto vector = [&](const std::string &referenced, std::int64_t offset, std::int64_t size) {
    add(files, file("data/v.puffin", file_format::puffin), positions(files, referenced, offset, size));
  };
  vector("data/x.parquet", 4, 40);
  vector("data/y.parquet", 44, 956);  // in the same Puffin file
  CHECK_FAILS(vector("data/x.parquet", 4, 40), status::ALREADY_EXISTS, "a deletion vector of its data file already");
  CHECK_FAILS(vector("", 4, 40), status::INVALID_ARGUMENT, "must reference its data file");
  CHECK_FAILS(vector("data/z.parquet", -1, 40), status::INVALID_ARGUMENT, "content offset and size");
  CHECK_FAILS(vector("data/z.parquet", 4, -1), status::INVALID_ARGUMENT, "content offset and size");
  CHECK_FAILS(vector("data/z.parquet", 4, 0), status::INVALID_ARGUMENT, "not within a file of 1000 bytes");
  CHECK_FAILS(vector("data/z.parquet", 44, 957), status::INVALID_ARGUMENT, "not within a file of 1000 bytes");
  CHECK_FAILS(vector("data/z.parquet", std::numeric_limits<std::int64_t>::max(), 5), status::INVALID_ARGUMENT,
              "not within");
  CHECK_FAILS(add(files, file("data/p.parquet"), positions(files)), status::UNSUPPORTED,
              "version 3 take no new position delete files");
  add(files, file("data/e.parquet"), equality(files, {1}));
  BOOST_TEST(files.count() == 3);
  const auto described = files.finish();
  const data_files &batch = *described->batches.at(0);
  BOOST_TEST(batch.path(0) == batch.path(1));
  BOOST_TEST(batch.content_offsets == (std::vector<std::int64_t>{4, 44, -1}), boost::test_tools::per_element());
  BOOST_TEST(batch.content_sizes == (std::vector<std::int64_t>{40, 956, -1}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(delete_files_in_columns_are_checked_as_those_in_rows, version_3) {
  const auto in_columns = [](std::vector<data_file> given, std::vector<std::string_view> paths) {
    imported_data_files all;
    data_files_builder builder(0, {}, {});
    for (const data_file &one : given) builder.add(one);
    all.files = std::move(builder).finish();
    all.files.file_paths.clear();
    all.partitions.assign(paths.size(), R"({"region":"eu"})");
    all.paths = std::move(paths);
    return all;
  };
  data_file vector = file("v", file_format::puffin);
  vector.content = file_content::position_deletes;
  vector.referenced_data_file = "data/x.parquet";
  vector.content_offset = 4;
  vector.content_size = 40;
  data_file second = vector;
  second.referenced_data_file = "data/y.parquet";
  data_file equality = file("e");
  equality.content = file_content::equality_deletes;
  equality.equality_ids = {1};
  described_files files(of, false);
  files.add(in_columns({vector, second, equality}, {"data/v.puffin", "data/v.puffin", "data/e.parquet"}));
  BOOST_TEST(files.count() == 3);

  const auto refuse_one = [&](data_file one, std::string_view path, status code, const std::string &why) {
    data_file right = equality;
    CHECK_FAILS(files.add(in_columns({right, one}, {"data/right.parquet", path})), code, why);
    BOOST_TEST(files.count() == 3);
  };
  refuse_one(vector, "data/w.puffin", status::ALREADY_EXISTS, "given twice");
  refuse_one(equality, "data/e.parquet", status::ALREADY_EXISTS, "given twice");
  refuse_one(equality, "data/right.parquet", status::ALREADY_EXISTS, "given twice");
  data_file unknown = equality;
  unknown.equality_ids = {99};
  refuse_one(unknown, "data/f.parquet", status::INVALID_ARGUMENT, "field id 99");
  data_file positions = file("p");
  positions.content = file_content::position_deletes;
  refuse_one(positions, "data/p.parquet", status::UNSUPPORTED, "no new position delete files");
  refuse_one(file("d"), "data/d.parquet", status::INVALID_ARGUMENT, "in one array with delete files");
  CHECK_FAILS(files.add(in_columns({file("d")}, {"data/d.parquet"})), status::INVALID_ARGUMENT,
              "a data file after delete files");

  const auto described = files.finish();
  BOOST_TEST_REQUIRE(described->batches.size() == 1U);
  const data_files &batch = *described->batches[0];
  BOOST_TEST(batch.text(batch.referenced_data_files[1]) == "memory://sample/deletes/data/y.parquet");
  BOOST_TEST(std::get<std::string>(*batch.partition(2)[0]) == "eu");
}

BOOST_AUTO_TEST_SUITE_END()
