#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "base/text_cursor.h"
#include "model/partition_spec.h"
#include "model/transform_term.h"

namespace evodb {
namespace {

partition_field take_field(text_cursor &at, const schema &s) {
  const transform_term term = take_transform_term(at, s);
  partition_field taken;
  taken.transform = term.transform;
  taken.source_ids = {term.source_id};
  taken.name = take_alias(at);
  return taken;
}

/// Reads "month(time_hour), bucket(16, id) AS shard, region".
class partition_spec_parser {
 public:
  partition_spec_parser(std::string_view text, const schema &s) : at_("partition spec", text), schema_(s) {}

  partition_spec parse(std::int32_t spec_id) {
    spec_.spec_id = spec_id;
    at_.skip_spaces();
    if (at_.at_end()) return std::move(spec_);
    do {
      parse_field();
      at_.skip_spaces();
    } while (at_.take(','));
    at_.expect_end();
    return std::move(spec_);
  }

 private:
  void parse_field() {
    at_.skip_spaces();
    const std::size_t start = at_.position();
    partition_field parsed = take_field(at_, schema_);
    parsed.field_id = partition_spec::first_field_id + static_cast<std::int32_t>(spec_.fields.size());
    if (parsed.name.empty())
      parsed.name = default_partition_name(parsed.transform, schema_.full_name(parsed.source_id()));
    check_redundancy(parsed, start);
    spec_.fields.push_back(std::move(parsed));
    try {
      check_partition_spec(spec_, schema_);
    } catch (const error &e) {
      at_.fail_at(start, e.message());
    }
  }

  /// As in Java, a second identity of a column and a second time unit of one say nothing new.
  void check_redundancy(const partition_field &added, std::size_t start) {
    for (const partition_field &f : spec_.fields) {
      const bool both_time = f.transform.is_time() && added.transform.is_time();
      const bool both_identity =
          f.transform.kind == transform::kind::identity && added.transform.kind == transform::kind::identity;
      if (f.source_ids == added.source_ids && (both_time || both_identity)) {
        at_.fail_at(start, fmt::format("partition field is redundant beside {}", f.name));
      }
    }
  }

  text_cursor at_;
  const schema &schema_;
  partition_spec spec_;
};

}  // namespace

partition_spec parse_partition_spec(std::string_view text, const schema &s, std::int32_t spec_id) {
  return partition_spec_parser(text, s).parse(spec_id);
}

partition_field parse_partition_field(std::string_view text, const schema &s) {
  text_cursor at("partition field", text);
  at.skip_spaces();
  partition_field parsed = take_field(at, s);
  at.skip_spaces();
  at.expect_end();
  return parsed;
}

}  // namespace evodb
