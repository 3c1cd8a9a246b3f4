#include "codec/partition_spec_json.h"

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(partition_spec_json)

namespace {

template <typename Read>
auto read(Read as, const std::string &text) {
  const json_document document(text, "v1.metadata.json");
  return as(document.root());
}

std::string written(const sort_order &order) {
  std::string out;
  json_writer to(out);
  write_sort_order(to, order);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(specs_round_trip_with_unknown_transforms_and_several_sources) {
  const std::string text = R"({"spec-id":4,"fields":[{"name":"d","transform":"day","source-id":1,"field-id":1000},)"
                           R"j({"name":"z","transform":"Z-Order( 3 )","source-id":1,"field-id":1001},)j"
                           R"({"name":"m","transform":"bucket_v2[8]","source-ids":[1,3],"field-id":1002}]})";
  const partition_spec spec = read(read_partition_spec, text);
  BOOST_TEST(spec.spec_id == 4);
  BOOST_CHECK(spec.fields[0].transform.kind == transform::kind::day);
  BOOST_CHECK(spec.fields[1].transform.kind == transform::kind::unknown);
  BOOST_TEST(spec.fields[2].source_ids == (std::vector<std::int32_t>{1, 3}), boost::test_tools::per_element());
  BOOST_TEST(write_partition_spec_text(spec) == text);
}

BOOST_AUTO_TEST_CASE(the_fields_alone_may_lack_ids_but_not_some_of_them) {
  const std::string text =
      R"([{"name":"a","transform":"identity","source-id":1},{"name":"b","transform":"void","source-id":2}])";
  const std::vector<partition_field> fields = read(read_partition_fields, text);
  BOOST_TEST(fields[0].field_id == 1000);
  BOOST_TEST(fields[1].field_id == 1001);
  CHECK_FAILS(read(read_partition_fields, R"([{"name":"a","transform":"identity","source-id":1,"field-id":1000},)"
                                          R"({"name":"b","transform":"void","source-id":2}])"),
              status::CORRUPT, "$: some fields have a field-id and others none");
}

BOOST_AUTO_TEST_CASE(what_is_no_spec_is_refused_at_its_place) {
  const std::pair<const char *, const char *> cases[] = {
      {R"([])", "$: expected an object"},
      {R"({"fields":[]})", "$: lacks spec-id"},
      {R"({"spec-id":"0","fields":[]})", "$.spec-id: expected an integer"},
      {R"({"spec-id":0})", "$: lacks fields"},
      {R"({"spec-id":0,"fields":{}})", "$.fields: expected an array"},
      {R"({"spec-id":0,"fields":[{"transform":"day","source-id":1,"field-id":1000}]})", "$.fields[0]: lacks name"},
      {R"({"spec-id":0,"fields":[{"name":"d","source-id":1,"field-id":1000}]})", "$.fields[0]: lacks transform"},
      {R"({"spec-id":0,"fields":[{"name":"d","transform":5,"source-id":1}]})",
       "$.fields[0].transform: expected a string"},
      {R"({"spec-id":0,"fields":[{"name":"d","transform":"day","field-id":1000}]})", "$.fields[0]: lacks source-id"},
      {R"({"spec-id":0,"fields":[{"name":"d","transform":"day","source-ids":[]}]})",
       "$.fields[0].source-ids: a transform needs a source"},
      {R"({"spec-id":0,"fields":[{"name":"d","transform":"day","source-id":1,"field-id":1e3}]})",
       "$.fields[0].field-id: expected"},
  };
  for (const auto &[text, part] : cases) {
    BOOST_TEST_CONTEXT(text) {
      CHECK_FAILS(read(read_partition_spec, text), status::CORRUPT, part);
    }
  }
}

BOOST_AUTO_TEST_CASE(sort_orders_round_trip) {
  const std::string text =
      R"({"order-id":3,"fields":[{"transform":"identity","source-id":2,"direction":"asc","null-order":"nulls-first"},)"
      R"({"transform":"zorder","source-ids":[3,4],"direction":"desc","null-order":"nulls-last"}]})";
  const sort_order order = read(read_sort_order, text);
  BOOST_TEST(order.fields[1].descending);
  BOOST_TEST(order.fields[1].nulls_last);
  BOOST_TEST(written(order) == text);
}

BOOST_AUTO_TEST_CASE(what_is_no_sort_order_is_refused_at_its_place) {
  const std::pair<const char *, const char *> cases[] = {
      {R"({"fields":[]})", "$: lacks order-id"},
      {R"({"order-id":1})", "$: lacks fields"},
      {R"({"order-id":1,"fields":[{"source-id":1,"direction":"asc","null-order":"nulls-last"}]})", "lacks transform"},
      {R"({"order-id":1,"fields":[{"transform":"day","direction":"asc","null-order":"nulls-last"}]})",
       "lacks source-id"},
      {R"({"order-id":1,"fields":[{"transform":"day","source-id":1,"null-order":"nulls-last"}]})", "lacks direction"},
      {R"({"order-id":1,"fields":[{"transform":"day","source-id":1,"direction":"up","null-order":"nulls-last"}]})",
       "expected asc or desc"},
      {R"({"order-id":1,"fields":[{"transform":"day","source-id":1,"direction":"asc","null-order":"last"}]})",
       "$.fields[0].null-order: expected nulls-first or nulls-last"},
  };
  for (const auto &[text, part] : cases) {
    BOOST_TEST_CONTEXT(text) {
      CHECK_FAILS(read(read_sort_order, text), status::CORRUPT, part);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
