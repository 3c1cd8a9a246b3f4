#include "codec/table_metadata_json.h"

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(table_metadata_json)

namespace {

namespace json = boost::json;

const std::string subject = "s3://lake/t/metadata/v7.metadata.json";

std::string sample(const std::string &name) {
  std::ifstream file(EVODB_SOURCE_DIR "/tests/data/metadata/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  BOOST_REQUIRE_MESSAGE(!text.str().empty(), name);
  return text.str();
}

/// The sample with the value at a JSON pointer replaced; removed where `replacement` is null, appended to an array
/// where the pointer ends in "/-".
std::string edited(const std::string &text, const std::string &pointer, const char *replacement) {
  json::value root = json::parse(text);
  const std::size_t slash = pointer.rfind('/');
  const std::string key = pointer.substr(slash + 1);
  json::value &parent = slash == 0 ? root : root.at_pointer(pointer.substr(0, slash));
  if (json::array *array = parent.if_array()) {
    if (key == "-") {
      array->push_back(json::parse(replacement));
    } else if (replacement == nullptr) {
      array->erase(array->begin() + std::stoi(key));
    } else {
      (*array)[std::stoul(key)] = json::parse(replacement);
    }
  } else if (replacement == nullptr) {
    BOOST_REQUIRE_MESSAGE(parent.as_object().erase(key) == 1, pointer);
  } else {
    parent.as_object()[key] = json::parse(replacement);
  }
  return json::serialize(root);
}

table_metadata read(const std::string &text) {
  return read_table_metadata(text, subject);
}

void check_round_trip(const std::string &text) {
  const bytes once = write_table_metadata(read(text));
  BOOST_TEST(write_table_metadata(read(once)) == once);
}

/// Whether the written text says at least what the read one said.
void check_keeps(const json::value &was, const json::value &is, const std::string &path) {
  BOOST_TEST_CONTEXT(path) {
    if (was.is_object() && is.is_object()) {
      for (const auto &entry : was.get_object()) {
        const json::value *now = is.get_object().if_contains(entry.key());
        BOOST_TEST((now != nullptr), "lost " << path << '.' << entry.key());
        if (now != nullptr) check_keeps(entry.value(), *now, path + '.' + std::string(entry.key()));
      }
    } else if (was.is_array() && is.is_array()) {
      BOOST_REQUIRE(was.get_array().size() == is.get_array().size());
      for (std::size_t i = 0; i < was.get_array().size(); ++i) {
        check_keeps(was.get_array()[i], is.get_array()[i], path + '[' + std::to_string(i) + ']');
      }
    } else {
      BOOST_TEST(was == is);
    }
  }
}

struct edit {
  const char *pointer;
  const char *replacement;  ///< null: removed
  const char *part;         ///< of the refusal
};

template <std::size_t N>
void check_refusals(const std::string &text, const edit (&edits)[N]) {
  for (const edit &e : edits) {
    BOOST_TEST_CONTEXT(e.pointer << " = " << (e.replacement ? e.replacement : "nothing")) {
      const std::string wrong = edited(text, e.pointer, e.replacement);
      CHECK_FAILS(read(wrong), status::CORRUPT, e.part);
      BOOST_CHECK_EXCEPTION(read(wrong), error, [](const error &refused) { return refused.subject() == subject; });
    }
  }
}

/// Read, but not to be written.
template <std::size_t N>
void check_refusals_of_writers(const std::string &text, const edit (&edits)[N]) {
  for (const edit &e : edits) {
    BOOST_TEST_CONTEXT(e.pointer << " = " << (e.replacement ? e.replacement : "nothing")) {
      const table_metadata m = read(edited(text, e.pointer, e.replacement));
      const status code = m.not_understood.empty() ? status::CORRUPT : status::UNSUPPORTED;
      CHECK_FAILS(check_table_metadata(m), code, e.part);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_first_version_without_lists_and_ids_is_completed) {
  const table_metadata m = read(sample("v1_legacy.json"));
  BOOST_TEST(m.format_version == 1);
  BOOST_CHECK(m.table_uuid == uuid());
  BOOST_TEST(m.last_sequence_number == 0);
  BOOST_TEST(m.schemas.size() == 1u);
  BOOST_TEST(m.current_schema()->find(3)->type.to_text() == "decimal(9,2)");
  BOOST_TEST(m.partition_specs.size() == 1u);
  BOOST_TEST(m.default_spec().fields[0].field_id == 1000);
  BOOST_TEST(m.default_spec().fields[1].field_id == 1001);
  BOOST_TEST(m.last_partition_id == 1001);
  BOOST_TEST(m.sort_orders.size() == 1u);
  BOOST_TEST(m.sort_orders[0].fields.empty());
  BOOST_TEST(m.snapshots[0]->manifests.size() == 2u);
  BOOST_TEST(m.snapshots[0]->manifest_list.empty());
  BOOST_TEST(m.snapshots[0]->summary.empty());
  BOOST_TEST(*m.snapshots[1]->parent_snapshot_id == 10);
  BOOST_TEST(m.refs.at("main").snapshot_id == 11);
  BOOST_TEST(m.refs.at("main").is_branch);
}

BOOST_AUTO_TEST_CASE(a_first_version_is_written_for_its_old_readers_too) {
  const json::value written = json::parse(write_table_metadata(read(sample("v1_legacy.json"))));
  const json::object &root = written.as_object();
  BOOST_TEST(!root.contains("table-uuid"));
  BOOST_TEST(!root.contains("last-sequence-number"));
  BOOST_TEST(!root.contains("next-row-id"));
  BOOST_TEST(root.at("schema") == root.at("schemas").at(0));
  BOOST_TEST(root.at("partition-spec") == root.at("partition-specs").at(0).at("fields"));
  BOOST_TEST(root.at("partition-spec").at(1).at("field-id") == json::value(1001));
  const json::object &old = root.at("snapshots").at(0).as_object();
  BOOST_TEST(!old.contains("sequence-number"));
  BOOST_TEST(old.at("manifests").as_array().size() == 2u);
  check_round_trip(sample("v1_legacy.json"));
}

BOOST_AUTO_TEST_CASE(a_first_version_takes_the_lists_where_it_has_them) {
  std::string text = sample("v1_legacy.json");
  text = edited(text, "/current-schema-id", "4");
  text = edited(text, "/schemas",
                R"([{"type":"struct","schema-id":4,"fields":[{"id":1,"name":"only","required":false,"type":"int"}]}])");
  text = edited(text, "/default-spec-id", "2");
  text = edited(text, "/partition-specs", R"([{"spec-id":2,"fields":[]}])");
  text = edited(text, "/table-uuid", "\"9c12d441-03fe-4693-9a96-a0705ddf69c1\"");
  const table_metadata m = read(text);
  BOOST_TEST(m.current_schema()->fields()[0].name == "only");
  BOOST_TEST(m.default_spec().fields.empty());
  BOOST_TEST(m.last_partition_id == 999);
  BOOST_TEST(m.table_uuid.to_text() == "9c12d441-03fe-4693-9a96-a0705ddf69c1");
  check_round_trip(text);
}

BOOST_AUTO_TEST_CASE(a_second_version_is_read_whole_and_nothing_is_lost) {
  const std::string text = sample("v2.json");
  const table_metadata m = read(text);
  BOOST_TEST(m.last_sequence_number == 2);
  BOOST_TEST(m.current_schema_id == 1);
  BOOST_TEST(*m.current_schema()->find("sensor")->doc == "its \"name\"\n\tand more \\ é \x01");
  BOOST_TEST(m.current_schema()->find("readings.value")->required);
  BOOST_TEST(m.default_spec().fields[1].transform.to_text() == "zorder[3]");
  BOOST_TEST(m.sort_orders[1].fields[1].descending);
  BOOST_TEST(*m.property("owner") == "weather");
  BOOST_TEST(!m.refs.at("audit").is_branch);
  BOOST_TEST(*m.refs.at("audit").max_ref_age_ms == 86400000);
  BOOST_TEST(*m.refs.at("main").min_snapshots_to_keep == 5);
  BOOST_TEST(*m.refs.at("main").max_snapshot_age_ms == 3600000);
  BOOST_TEST(m.current_snapshot()->operation() == "overwrite");
  BOOST_TEST(m.snapshot_log.size() == 2u);
  BOOST_TEST(m.metadata_log[0].metadata_file == "s3://lake/sensors/metadata/v1.metadata.json");
  BOOST_TEST(m.statistics[0].blobs[0].fields == (std::vector<std::int32_t>{1, 2}), boost::test_tools::per_element());
  BOOST_TEST(m.partition_statistics[0].file_size_in_bytes == 43);
  BOOST_TEST(m.commit_attempt.empty());
  check_keeps(json::parse(text), json::parse(write_table_metadata(m)), "$");
  check_round_trip(text);
}

BOOST_AUTO_TEST_CASE(a_third_version_is_read_whole_and_nothing_known_is_lost) {
  std::string text = sample("v3.json");
  const table_metadata m = read(text);
  BOOST_TEST(m.location == "file:///lake/events");
  BOOST_TEST(m.next_row_id == 50);
  BOOST_TEST(m.commit_attempt == "5f0c6b2e-6f6a-4a4e-9b0e-2b7f5d6c1a11");
  BOOST_TEST(m.default_spec().fields[0].source_ids.size() == 2u);
  BOOST_TEST(std::get<std::int64_t>(*m.current_schema()->find("id")->write_default) ==
             std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(*m.current_snapshot()->added_rows == 50);
  BOOST_TEST(*m.current_snapshot()->key_id == "k1");
  BOOST_TEST(*m.encryption_keys[0].encrypted_by_id == "root");
  // Version 1's snapshots keep their shape in an upgraded table.
  BOOST_TEST(m.snapshots[0]->sequence_number == 0);
  BOOST_TEST(m.snapshots[0]->summary.empty());
  text = edited(text, "/a-key-of-tomorrow", nullptr);
  text = edited(text, "/location", "\"file:///lake/events\"");
  text = edited(text, "/table-uuid", "\"9c12d441-03fe-4693-9a96-a0705ddf69c1\"");
  check_keeps(json::parse(text), json::parse(write_table_metadata(m)), "$");
  check_round_trip(text);
}

BOOST_AUTO_TEST_CASE(no_current_snapshot_is_written_as_each_version_knows_it) {
  const auto without_snapshots = [](std::string text) {
    for (const char *key : {"/snapshots", "/refs", "/snapshot-log", "/current-snapshot-id"})
      text = edited(text, key, nullptr);
    return text;
  };
  const std::string v2 = without_snapshots(sample("v2.json"));
  for (const std::string &text :
       {v2, edited(v2, "/current-snapshot-id", "-1"), edited(v2, "/current-snapshot-id", "null")}) {
    const table_metadata m = read(text);
    BOOST_TEST(!m.current_snapshot_id);
    BOOST_TEST(m.refs.empty());
    BOOST_TEST(json::parse(write_table_metadata(m)).at("current-snapshot-id") == json::value(-1));
    check_round_trip(text);
  }
  const std::string v3 = without_snapshots(sample("v3.json"));
  BOOST_TEST(!json::parse(write_table_metadata(read(v3))).as_object().contains("current-snapshot-id"));
}

BOOST_AUTO_TEST_CASE(what_may_be_missing_or_null) {
  const std::string v2 = sample("v2.json");
  for (const char *key : {"/properties", "/statistics", "/partition-statistics", "/snapshot-log", "/metadata-log",
                          "/refs", "/snapshots/0/schema-id", "/snapshots/1/parent-snapshot-id",
                          "/snapshots/0/sequence-number", "/snapshots/0/summary", "/schemas/0/schema-id",
                          "/statistics/0/key-metadata", "/statistics/0/blob-metadata/0/properties"}) {
    BOOST_TEST_CONTEXT(key) {
      check_round_trip(edited(v2, key, nullptr));
      check_round_trip(edited(v2, key, "null"));
    }
  }
  check_round_trip(edited(v2, "/snapshots/0/summary/operation", nullptr));
  const table_metadata m = read(edited(v2, "/refs", nullptr));
  BOOST_TEST(m.refs.size() == 1u);
  BOOST_TEST(m.refs.at("main").snapshot_id == 3055729675574597004);
  BOOST_TEST(read(edited(v2, "/refs", "{}")).refs.contains("main"));
}

BOOST_AUTO_TEST_CASE(trailing_slashes_of_the_location_go) {
  const std::string v2 = sample("v2.json");
  const std::pair<const char *, const char *> cases[] = {{"\"s3://lake/a//\"", "s3://lake/a"},
                                                         {"\"s3://lake/\"", "s3://lake"},
                                                         {"\"/data/t/\"", "/data/t"},
                                                         {"\"/\"", "/"}};
  for (const auto &[written, expected] : cases) BOOST_TEST(read(edited(v2, "/location", written)).location == expected);
}

BOOST_AUTO_TEST_CASE(newer_format_versions_are_unsupported_before_anything_else) {
  CHECK_FAILS(read(R"({"format-version": 4})"), status::UNSUPPORTED, "4");
  CHECK_FAILS(read(R"({"format-version": 2147483647, "location": 5})"), status::UNSUPPORTED, "up to 3");
}

BOOST_AUTO_TEST_CASE(texts_that_are_no_table_are_refused) {
  CHECK_FAILS(read(""), status::CORRUPT, "not JSON");
  CHECK_FAILS(read("[]"), status::CORRUPT, "$: expected an object");
  CHECK_FAILS(read("{}"), status::CORRUPT, "$: lacks format-version");
  CHECK_FAILS(read("null"), status::CORRUPT, "$: expected an object");
  const std::string v2 = sample("v2.json");
  for (std::size_t length = 0; length + 1 < v2.size(); length += 7) {
    CHECK_FAILS(read(v2.substr(0, length)), status::CORRUPT, "not JSON");
  }
}

BOOST_AUTO_TEST_CASE(a_second_version_is_refused_where_it_lacks_or_contradicts_something) {
  const edit edits[] = {
      {"/format-version", "0", "$.format-version: expected 1, 2 or 3"},
      {"/format-version", "-1", "$.format-version: expected 1, 2 or 3"},
      {"/format-version", "\"2\"", "$.format-version: expected an integer"},
      {"/format-version", "2.0", "$.format-version: expected an integer"},
      {"/table-uuid", nullptr, "$: lacks table-uuid"},
      {"/table-uuid", "null", "$: lacks table-uuid"},
      {"/table-uuid", "7", "$.table-uuid: expected a string"},
      {"/table-uuid", "\"9c12d441\"", "$.table-uuid: "},
      {"/location", nullptr, "$: lacks location"},
      {"/location", "[]", "$.location: expected a string"},
      {"/last-sequence-number", "\"2\"", "$.last-sequence-number: expected an integer"},
      {"/last-updated-ms", nullptr, "$: lacks last-updated-ms"},
      {"/last-updated-ms", "1.7e12", "$.last-updated-ms: expected an integer"},
      {"/last-column-id", "4294967296", "$.last-column-id: expected an integer of 32 bits"},
      {"/schemas", nullptr, "$: lacks schemas"},
      {"/schemas", "{}", "$.schemas: expected an array"},
      {"/schemas", "[]", "current-schema-id names no schema"},
      {"/schemas/1/schema-id", "0", "two schemas have the id 0"},
      {"/schemas/1/fields/1/id", "1", "$.schemas[1]: field id 1 is used twice"},
      {"/schemas/1/fields/1/name", "\"sensor\"", "$.schemas[1]: two fields have one name"},
      {"/schemas/1/fields/2/type/fields/0/id", nullptr, "$.schemas[1].fields[2].type.fields[0]: lacks id"},
      {"/schemas/1/identifier-field-ids/0", "4", "$.schemas[1]: identifier field"},
      {"/current-schema-id", nullptr, "$: lacks current-schema-id"},
      {"/current-schema-id", "9", "current-schema-id names no schema: 9"},
      {"/partition-specs", nullptr, "$: lacks partition-specs"},
      {"/partition-specs", "5", "$.partition-specs: expected an array"},
      {"/partition-specs/0/spec-id", "1", "two partition specs have the id 1"},
      {"/partition-specs/1/fields/1/field-id", "1000", "has field id 1000 twice"},
      {"/partition-specs/1/fields/1/field-id", nullptr, "$.partition-specs[1].fields: some fields have a field-id"},
      {"/partition-specs/1/fields/0/transform", nullptr, "$.partition-specs[1].fields[0]: lacks transform"},
      {"/default-spec-id", nullptr, "$: lacks default-spec-id"},
      {"/last-partition-id", "true", "$.last-partition-id: expected an integer"},
      {"/properties", "[]", "$.properties: expected an object"},
      {"/properties/owner", "5", "$.properties.owner: expected a string"},
      {"/properties/owner", "null", "$.properties.owner: expected a string"},
      {"/current-snapshot-id", nullptr, "there is a main branch, but no current snapshot"},
      {"/current-snapshot-id", "\"3055729675574597004\"", "$.current-snapshot-id: expected an integer"},
      {"/current-snapshot-id", "3051729675574597004", "main is at snapshot"},
      {"/current-snapshot-id", "5", "current-snapshot-id names no snapshot: 5"},
      {"/snapshots", "{}", "$.snapshots: expected an array"},
      {"/snapshots/-", "7", "$.snapshots[2]: expected an object"},
      {"/snapshots/1/snapshot-id", nullptr, "$.snapshots[1]: lacks snapshot-id"},
      {"/snapshots/1/snapshot-id", "18446744073709551615", "$.snapshots[1].snapshot-id: expected an integer"},
      {"/snapshots/1/snapshot-id", "3051729675574597004", "two snapshots have the id"},
      {"/snapshots/1/parent-snapshot-id", "\"x\"", "$.snapshots[1].parent-snapshot-id: expected an integer"},
      {"/snapshots/1/sequence-number", "1.5", "$.snapshots[1].sequence-number: expected an integer"},
      {"/snapshots/1/timestamp-ms", nullptr, "$.snapshots[1]: lacks timestamp-ms"},
      {"/snapshots/1/manifest-list", nullptr, "$.snapshots[1]: lacks manifest-list"},
      {"/snapshots/1/manifest-list", "{}", "$.snapshots[1].manifest-list: expected a string"},
      {"/snapshots/1/summary", "\"append\"", "$.snapshots[1].summary: expected an object"},
      {"/snapshots/1/summary/added-records", "5", "$.snapshots[1].summary.added-records: expected a string"},
      {"/snapshots/1/schema-id", "\"1\"", "$.snapshots[1].schema-id: expected an integer"},
      {"/refs", "[]", "$.refs: expected an object"},
      {"/snapshot-log", "{}", "$.snapshot-log: expected an array"},
      {"/snapshot-log/0/snapshot-id", nullptr, "$.snapshot-log[0]: lacks snapshot-id"},
      {"/snapshot-log/0/timestamp-ms", nullptr, "$.snapshot-log[0]: lacks timestamp-ms"},
      {"/statistics", "{}", "$.statistics: expected an array"},
      {"/evodb.attempt", "1", "$.evodb.attempt: expected a string"},
  };
  check_refusals(sample("v2.json"), edits);
  // Planning does without these; a commit would write them again, or lose them.
  const edit for_writers[] = {
      {"/last-updated-ms", "1600000000000", "snapshot-log steps back"},
      {"/default-spec-id", "7", "default-spec-id names no partition spec: 7"},
      {"/sort-orders", "[]", "default-sort-order-id names no sort order"},
      {"/sort-orders/1/order-id", "0", "two sort orders have the id 0"},
      {"/sort-orders/1/fields/0/direction", "\"ASCENDING\"",
       "$.sort-orders[1].fields[0].direction: expected asc or desc"},
      {"/default-sort-order-id", "2", "default-sort-order-id names no sort order: 2"},
      {"/snapshots/1/sequence-number", "-1", "has sequence number -1"},
      {"/refs/main/type", "\"tag\"", "$.refs.main: a tag has no retention of snapshots"},
      {"/refs/main", R"({"snapshot-id": 3055729675574597004, "type": "tag"})", "main is a tag"},
      {"/refs/audit/type", nullptr, "$.refs.audit: lacks type"},
      {"/refs/audit/type", "\"bookmark\"", "$.refs.audit.type: expected branch or tag"},
      {"/refs/audit/snapshot-id", nullptr, "$.refs.audit: lacks snapshot-id"},
      {"/refs/audit/snapshot-id", "6", "ref names no snapshot"},
      {"/refs/audit/max-ref-age-ms", "0", "$.refs.audit.max-ref-age-ms: expected a positive number"},
      {"/refs/main/min-snapshots-to-keep", "0", "$.refs.main.min-snapshots-to-keep: expected a positive number"},
      {"/refs/main/max-snapshot-age-ms", "-5", "$.refs.main.max-snapshot-age-ms: expected a positive number"},
      {"/snapshot-log/0/timestamp-ms", "1700000999000", "snapshot-log steps back"},
      {"/metadata-log/0/metadata-file", nullptr, "$.metadata-log[0]: lacks metadata-file"},
      {"/metadata-log/0/timestamp-ms", "1800000000000", "metadata-log steps back"},
      {"/statistics/0/snapshot-id", nullptr, "$.statistics[0]: lacks snapshot-id"},
      {"/statistics/0/statistics-path", nullptr, "$.statistics[0]: lacks statistics-path"},
      {"/statistics/0/file-size-in-bytes", nullptr, "$.statistics[0]: lacks file-size-in-bytes"},
      {"/statistics/0/file-footer-size-in-bytes", nullptr, "$.statistics[0]: lacks file-footer-size-in-bytes"},
      {"/statistics/0/blob-metadata", nullptr, "$.statistics[0]: lacks blob-metadata"},
      {"/statistics/0/blob-metadata/0/type", nullptr, "$.statistics[0].blob-metadata[0]: lacks type"},
      {"/statistics/0/blob-metadata/0/fields/1", "\"2\"",
       "$.statistics[0].blob-metadata[0].fields[1]: expected an integer"},
      {"/partition-statistics/0/statistics-path", "1", "$.partition-statistics[0].statistics-path: expected a string"},
      {"/partition-statistics/0/file-size-in-bytes", nullptr, "$.partition-statistics[0]: lacks file-size-in-bytes"},
  };
  check_refusals_of_writers(sample("v2.json"), for_writers);
  // Counters and the main branch follow from what is there.
  const edit completed[] = {
      {"/last-sequence-number", nullptr, ""},  {"/last-sequence-number", "1", ""},
      {"/last-sequence-number", "-1", ""},     {"/last-column-id", nullptr, ""},
      {"/last-column-id", "10", ""},           {"/partition-specs/1/fields/1/field-id", "1002", ""},
      {"/last-partition-id", nullptr, ""},     {"/sort-orders", nullptr, ""},
      {"/default-sort-order-id", nullptr, ""}, {"/refs/main", nullptr, ""},
  };
  for (const edit &e : completed) {
    BOOST_TEST_CONTEXT(e.pointer) {
      check_table_metadata(read(edited(sample("v2.json"), e.pointer, e.replacement)));
    }
  }
  for (const char *relative : {"\"relative/path\"", "\"\""}) {
    CHECK_FAILS(read(edited(sample("v2.json"), "/location", relative)), status::UNSUPPORTED, "location is relative");
  }
}

BOOST_AUTO_TEST_CASE(a_third_version_is_refused_where_it_lacks_or_contradicts_something) {
  const edit edits[] = {
      {"/next-row-id", "\"50\"", "$.next-row-id: expected an integer"},
      {"/snapshots/1/key-id", "1", "$.snapshots[1].key-id: expected a string"},
      {"/encryption-keys/0/key-id", nullptr, "$.encryption-keys[0]: lacks key-id"},
      {"/encryption-keys/0/encrypted-key-metadata", nullptr, "$.encryption-keys[0]: lacks encrypted-key-metadata"},
      {"/encryption-keys/0/properties/kms", "{}", "$.encryption-keys[0].properties.kms: expected a string"},
      {"/schemas/0/fields/0/initial-default", "\"-1\"", "$.schemas[0].fields[0].initial-default: expected an integer"},
      {"/schemas/0/fields/3/write-default", "{}", "$.schemas[0].fields[3].write-default: a value of type variant"},
      {"/schemas/0/fields/7/initial-default", R"({"9": 1})",
       "$.schemas[0].fields[7].initial-default: the default of a struct"},
      {"/partition-specs/0/fields/0/source-ids", "[]",
       "$.partition-specs[0].fields[0].source-ids: a transform needs a source"},
      {"/partition-specs/0/fields/0/source-ids", nullptr, "$.partition-specs[0].fields[0]: lacks source-id"},
  };
  check_refusals(sample("v3.json"), edits);
  // Planning does without these; a commit would write them again, or lose them.
  const edit for_writers[] = {
      {"/snapshots/1/first-row-id", "-1", "rows of snapshot 2"},
      {"/snapshots/1/added-rows", "9223372036854775807", "rows of snapshot 2"},
  };
  check_refusals_of_writers(sample("v3.json"), for_writers);
  // Counters and the main branch follow from what is there.
  const edit completed[] = {
      {"/next-row-id", nullptr, ""},
      {"/next-row-id", "-1", ""},
      {"/next-row-id", "49", ""},
  };
  for (const edit &e : completed) {
    BOOST_TEST_CONTEXT(e.pointer) {
      check_table_metadata(read(edited(sample("v3.json"), e.pointer, e.replacement)));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_first_version_whose_default_spec_is_not_there_is_shown_as_it_is) {
  const std::string text =
      edited(edited(sample("v1_legacy.json"), "/partition-specs", R"([{"spec-id": 5, "fields": []}])"),
             "/default-spec-id", "7");
  const table_metadata m = read(text);
  const bytes written = write_table_metadata(m);
  BOOST_TEST(written.find("\"partition-spec\":") == std::string::npos);
  BOOST_TEST(write_table_metadata(read(written)) == written);
  CHECK_FAILS(check_table_metadata(m), status::CORRUPT, "default-spec-id names no partition spec: 7");
}

BOOST_AUTO_TEST_CASE(a_first_version_is_refused_where_it_lacks_or_contradicts_something) {
  const edit edits[] = {
      {"/schema", nullptr, "$: lacks schema"},
      {"/schema/fields", nullptr, "$.schema: lacks fields"},
      {"/partition-spec", nullptr, "$: lacks partition-spec"},
      {"/partition-spec", R"({"spec-id": 0, "fields": []})", "$.partition-spec: expected an array"},
      {"/partition-spec/0/source-id", nullptr, "$.partition-spec[0]: lacks source-id"},
      {"/snapshots/0/manifests", nullptr, "$.snapshots[0]: lacks manifest-list"},
      {"/snapshots/0/manifests/0", "1", "$.snapshots[0].manifests[0]: expected a string"},
      {"/table-uuid", "\"\"", "$.table-uuid: "},
      {"/schemas", "[]", "$: lacks current-schema-id"},
      {"/partition-specs", "[]", "$: lacks default-spec-id"},
      {"/current-snapshot-id", "12", "current-snapshot-id names no snapshot: 12"},
  };
  check_refusals(sample("v1_legacy.json"), edits);
  // Planning does without these; a commit would write them again, or lose them.
  const edit for_writers[] = {
      {"/sort-orders", "[]", "default-sort-order-id names no sort order: 0"},
  };
  check_refusals_of_writers(sample("v1_legacy.json"), for_writers);
}

BOOST_AUTO_TEST_CASE(refs_are_read_without_a_retention_that_cannot_be) {
  const table_metadata m = read(edited(sample("v2.json"), "/refs/audit/max-ref-age-ms", "0"));
  BOOST_TEST(m.refs.contains("audit"));
  BOOST_TEST(!m.refs.at("audit").max_ref_age_ms.has_value());
  BOOST_TEST(!read(edited(sample("v2.json"), "/refs/audit/type", "\"bookmark\"")).refs.contains("audit"));
}

BOOST_AUTO_TEST_CASE(an_old_schema_that_cannot_be_read_leaves_the_table_readable) {
  const table_metadata m = read(edited(sample("v2.json"), "/schemas/0/fields/0/type", "\"tensor\""));
  BOOST_TEST(m.current_schema()->schema_id() == 1);
  BOOST_TEST(!m.find_schema(0));
  CHECK_FAILS(check_table_metadata(m), status::UNSUPPORTED, "$.schemas[0].fields[0].type");
}

BOOST_AUTO_TEST_CASE(every_byte_may_be_wrong_without_harm) {
  for (const char *name : {"v1_legacy.json", "v2.json", "v3.json"}) {
    const std::string text = sample(name);
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (const char c : {'"', '0', '-', '}', '\\', '\0', '\xff'}) {
        std::string wrong = text;
        wrong[at] = c;
        try {
          write_table_metadata(read(wrong));
        } catch (const error &e) {
          if (e.code() != status::CORRUPT && e.code() != status::UNSUPPORTED)
            BOOST_ERROR(name << ' ' << at << ": " << e.what());
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(ten_thousand_snapshots_keep_their_order_and_their_bytes) {
  table_metadata m = read(sample("v2.json"));
  const snapshot last = *m.snapshots.back();
  for (std::int64_t i = 1; i <= 10'000; ++i) {
    auto next = std::make_shared<snapshot>(last);
    next->snapshot_id = i;
    next->sequence_number = i;
    next->summary = {{"operation", "append"}, {"added-data-files", std::to_string(i)}};
    m.snapshots.push_back(next);
  }
  m.last_sequence_number = 10'000;
  const bytes text = write_table_metadata(m);
  const table_metadata back = read(text);
  BOOST_REQUIRE(back.snapshots.size() == m.snapshots.size());
  for (std::size_t i = 0; i < m.snapshots.size(); ++i) {
    if (*back.snapshots[i] != *m.snapshots[i]) BOOST_ERROR("snapshot " << i << " has changed");
  }
  BOOST_TEST((write_table_metadata(back) == text));
}

BOOST_AUTO_TEST_CASE(snapshots_that_were_written_before_are_written_the_same) {
  table_metadata m = read(sample("v2.json"));
  const bytes once = write_table_metadata(m);
  BOOST_REQUIRE(m.snapshots.back()->json.find() != nullptr);
  BOOST_TEST(write_table_metadata(m) == once);
  BOOST_TEST(once.find(*m.snapshots.back()->json.find()) != bytes::npos);

  // One that is changed is another one.
  auto changed = std::make_shared<snapshot>(*m.snapshots.back());
  changed->summary = {{"operation", "append"}, {"who", "another"}};
  changed->snapshot_id = 5;
  m.snapshots.push_back(changed);
  BOOST_TEST(write_table_metadata(m).find(R"("who":"another")") != bytes::npos);
  BOOST_TEST(write_table_metadata(read(write_table_metadata(m))) == write_table_metadata(m));
}

BOOST_AUTO_TEST_CASE(snapshots_of_a_first_version_are_written_anew_after_its_upgrade) {
  table_metadata m = read(sample("v2.json"));
  const bytes second = write_table_metadata(read(sample("v2.json")));
  m.format_version = 1;
  BOOST_TEST(write_table_metadata(m) != second);
  m.format_version = 2;
  BOOST_TEST(write_table_metadata(m) == second);
}

BOOST_AUTO_TEST_CASE(how_long_a_writer_waited_is_advice) {
  table_metadata m = read(sample("v3.json"));
  BOOST_TEST(m.commit_waited == 0);
  BOOST_TEST(write_table_metadata(m).find("evodb.waited") == bytes::npos);
  m.commit_waited = 7;
  BOOST_TEST(read(write_table_metadata(m)).commit_waited == 7);
  for (const char *odd : {"\"x\"", "1.5", "null", "99999999999999999999"}) {
    std::string text = write_table_metadata(m);
    const std::size_t at = text.find(":", text.find("evodb.waited"));
    text.replace(at + 1, text.find_first_of(",}", at) - at - 1, odd);
    BOOST_TEST(read(text).commit_waited == 0, odd);
  }
}

BOOST_AUTO_TEST_SUITE_END()
