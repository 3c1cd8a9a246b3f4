#include "codec/manifest_list.h"

#include "codec/avro_encoder.h"
#include "codec/avro_file.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(manifest_lists)

namespace {

manifest_file sample_row() {
  manifest_file row;
  row.manifest_path = "s3://b/t/metadata/m0.avro";
  row.manifest_length = 7000;
  row.partition_spec_id = 1;
  row.sequence_number = 5;
  row.min_sequence_number = 3;
  row.added_snapshot_id = 44;
  row.added_files_count = 1;
  row.existing_files_count = 2;
  row.deleted_files_count = 0;
  row.added_rows_count = 100;
  row.existing_rows_count = 200;
  row.deleted_rows_count = 0;
  field_summary summary;
  summary.contains_null = true;
  summary.contains_nan = false;
  summary.lower_bound = "a";
  summary.upper_bound = bytes("\0z", 2);
  row.partitions = {summary, field_summary{}};
  row.key_metadata = "key";
  return row;
}

manifest_list_target target_of(int version) {
  manifest_list_target target;
  target.format_version = version;
  target.snapshot_id = 45;
  target.parent_snapshot_id = 44;
  target.sequence_number = 6;
  if (version == 3) target.first_row_id = 1000;
  return target;
}

std::vector<manifest_file> read(const bytes &file) {
  memory_budget budget(64 << 20);
  return read_manifest_list(file, "list.avro", budget);
}

}  // namespace

BOOST_AUTO_TEST_CASE(round_trip) {
  for (const int version : {2, 3}) {
    manifest_file deletes = sample_row();
    deletes.content = manifest_content::deletes;
    deletes.key_metadata.reset();
    deletes.partitions.clear();
    manifest_file data = sample_row();
    if (version == 3) data.first_row_id = 300;
    const std::vector<manifest_file> rows = {data, deletes};
    const bytes file = write_manifest_list(rows, target_of(version));
    BOOST_TEST((read(file) == rows));
    const avro_file_header header = read_avro_file_header(file, "list.avro");
    BOOST_TEST(header.find("snapshot-id").value() == "45");
    BOOST_TEST(header.find("parent-snapshot-id").value() == "44");
    BOOST_TEST(header.find("sequence-number").value() == "6");
    BOOST_TEST(header.find("format-version").value() == std::to_string(version));
    BOOST_TEST(header.find("first-row-id").value_or("none") == (version == 3 ? "1000" : "none"));
  }
}

BOOST_AUTO_TEST_CASE(the_first_snapshot_has_no_parent) {
  manifest_list_target target = target_of(2);
  target.parent_snapshot_id.reset();
  const bytes file = write_manifest_list({}, target);
  BOOST_TEST(read_avro_file_header(file, "l").find("parent-snapshot-id").value() == "null");
  BOOST_TEST(read(file).empty());
}

BOOST_AUTO_TEST_CASE(unassigned_sequence_numbers_become_the_commits) {
  manifest_file row = sample_row();
  row.sequence_number = row.min_sequence_number = -1;
  CHECK_FAILS(write_manifest_list({row}, target_of(2)), status::INVALID_ARGUMENT, "sequence number");
  row.added_snapshot_id = 45;
  const manifest_file written = read(write_manifest_list({row}, target_of(2))).at(0);
  BOOST_TEST(written.sequence_number == 6);
  BOOST_TEST(written.min_sequence_number == 6);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_refused) {
  manifest_file row = sample_row();
  row.added_files_count.reset();
  CHECK_FAILS(write_manifest_list({row}, target_of(2)), status::INVALID_ARGUMENT, "added_files_count");
  CHECK_FAILS(write_manifest_list({sample_row()}, target_of(3)), status::INVALID_ARGUMENT, "first row id");
  manifest_list_target no_row_id = target_of(3);
  no_row_id.first_row_id.reset();
  CHECK_FAILS(write_manifest_list({}, no_row_id), status::INVALID_ARGUMENT, "first row id");
  CHECK_FAILS(write_manifest_list({}, target_of(4)), status::INVALID_ARGUMENT, "4");
}

BOOST_AUTO_TEST_CASE(version_1_by_its_old_names_without_ids) {
  avro_file_writer writer(R"({"type":"record","name":"manifest_file","fields":[
      {"name":"extra","type":{"type":"map","values":"int"}},
      {"name":"added_data_files_count","type":["int","null"]},
      {"name":"manifest_path","type":"string"},{"name":"manifest_length","type":"long"},
      {"name":"partition_spec_id","type":"int"},{"name":"added_snapshot_id","type":["null","long"]},
      {"name":"partitions","type":["null",{"type":"array","items":{"type":"record","name":"s","fields":[
        {"name":"lower_bound","type":["bytes","null"]},{"name":"contains_null","type":"boolean"}]}}]}]})",
                          {}, std::nullopt);
  avro_encoder out(writer.buffer());
  out.write_long(0);  // extra: none
  out.write_long(0);
  out.write_long(12);
  out.write_bytes("m.avro");
  out.write_long(9);
  out.write_long(0);
  out.write_present(true);
  out.write_long(77);
  out.write_present(true);
  out.write_long(-1);  // one item, counted by size
  out.write_long(2);
  out.write_long(1);  // null, in the second branch
  out.write_boolean(true);
  out.write_long(0);
  writer.end_object();
  const manifest_file row = read(std::move(writer).finish()).at(0);
  BOOST_TEST(row.manifest_path == "m.avro");
  BOOST_TEST(row.added_files_count.value() == 12);
  BOOST_TEST(!row.existing_files_count.has_value());
  BOOST_TEST(row.sequence_number == 0);
  BOOST_TEST(row.added_snapshot_id == 77);
  BOOST_TEST(row.partitions.size() == 1u);
  BOOST_TEST(row.partitions[0].contains_null);
  BOOST_TEST(!row.partitions[0].lower_bound.has_value());
  BOOST_TEST(row.has_live_files());
}

BOOST_AUTO_TEST_CASE(what_other_writers_leave_out_is_not_known) {
  const auto read_row = [](const std::string &contains_null, const std::string &summary_before, bool has_summary,
                           int content, const std::string &lower_bound = "\"bytes\"") {
    avro_file_writer writer(R"({"type":"record","name":"manifest_file","fields":[
        {"name":"manifest_path","field-id":500,"type":["null","string"]},
        {"name":"manifest_length","field-id":501,"type":"string"},
        {"name":"partition_spec_id","field-id":502,"type":"long"},{"name":"content","field-id":517,"type":"int"},
        {"name":"added_files_count","field-id":504,"type":"long"},{"name":"added_rows_count","field-id":512,"type":"long"},
        {"name":"deleted_files_count","field-id":506,"type":"string"},
        {"name":"partitions","field-id":507,"type":{"type":"array","items":[)" +
                                summary_before + R"({"type":"record","name":"s","fields":[
          {"name":"contains_null","field-id":509,"type":)" +
                                contains_null + R"(},{"name":"lower_bound","field-id":510,"type":)" + lower_bound +
                                R"(}]}]}},
        {"name":"first_row_id","field-id":520,"type":"long"}]})",
                            {}, std::nullopt);
    avro_encoder out(writer.buffer());
    out.write_present(true);
    out.write_bytes("m.avro");
    out.write_bytes("long");
    out.write_long(0);
    out.write_long(content);
    out.write_long(-1);
    out.write_long(std::int64_t{1} << 40);
    out.write_bytes("few");
    out.write_long(1);
    out.write_long(has_summary && !summary_before.empty() ? 1 : 0);
    if (has_summary) {
      out.write_boolean(true);  // or a long of -1
      out.write_bytes("x");
    }
    out.write_long(0);
    out.write_long(5);
    writer.end_object();
    return read(std::move(writer).finish()).at(0);
  };
  const manifest_file known = read_row("\"boolean\"", "\"null\",", true, 0);
  BOOST_TEST(known.partitions.size() == 1u);
  BOOST_TEST(known.manifest_length == manifest_file::unknown_length);
  BOOST_TEST(known.added_snapshot_id == 0);
  BOOST_TEST(!known.added_files_count.has_value());
  BOOST_TEST(known.added_rows_count.value() == std::int64_t{1} << 40);
  BOOST_TEST(!known.deleted_files_count.has_value());
  BOOST_TEST(known.first_row_id.value() == 5);
  BOOST_TEST(read_row("\"long\"", "\"null\",", true, 0).partitions.empty());  // bounds mean nothing without it
  BOOST_TEST(read_row("\"boolean\"", "\"null\",", false, 0).partitions.empty());
  // A lower bound that cannot be read does not say that there are no values.
  BOOST_TEST(read_row("\"boolean\"", "\"null\",", true, 0, "{\"type\":\"fixed\",\"name\":\"f\",\"size\":2}")
                 .partitions.empty());
  // DuckDB 1.5 gives manifests of delete files a first row id.
  BOOST_TEST(!read_row("\"boolean\"", "\"null\",", true, 1).first_row_id.has_value());
}

BOOST_AUTO_TEST_CASE(damage_anywhere_is_an_error_or_a_list) {
  manifest_file row = sample_row();
  const bytes file = write_manifest_list({row, row, row}, target_of(2));
  std::size_t refused = 0;
  for (std::size_t i = 0; i < file.size(); ++i) {
    for (int way = 0; way < 3; ++way) {
      bytes damaged = file;
      if (way == 0) damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
      if (way == 1) damaged.erase(i, 1);
      if (way == 2) damaged.insert(i, 1, damaged[i]);
      try {
        read(damaged);
      } catch (const error &e) {
        ++refused;
        BOOST_REQUIRE_EQUAL(e.subject(), "list.avro");
      }
    }
  }
  BOOST_TEST(refused > 2 * file.size());
}

BOOST_AUTO_TEST_SUITE_END()
