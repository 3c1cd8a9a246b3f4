#include "codec/single_value_json.h"
#include "finding.h"
#include "model/transform.h"
#include "sample_table.h"

using namespace evodb;

namespace {

std::string json_of(const type &t, const value &v) {
  std::string written;
  json_writer writer(written);
  write_single_value(writer, t, v);
  return written;
}

/// What becomes of a value: text, other forms, partitions.
void use(const type &t, const value &v) {
  if (!is_value_of(t, v) || is_null(v)) return;  // such as a bound that is cut short
  const bytes stored = to_single_value(t, v);
  const value again = from_single_value(t, stored);
  fuzz::require(to_single_value(t, again) == stored, "stored bytes are read back");
  if (!t.is(type_kind::geometry)) fuzz::require(compare(t, v, again) == 0, "as the same value");
  to_text(t, v);
  for (const char *text :
       {"identity", "bucket[7]", "truncate[5]", "truncate[2147483647]", "year", "month", "day", "hour", "void"}) {
    const transform made = transform::parse(text);
    if (!made.can_transform(t)) continue;
    if (const auto partition = fuzz::attempt([&] { return made.apply(t, v); })) {
      fuzz::require(is_null(*partition) || is_value_of(made.result_type(t), *partition), "a transform gives its type");
      made.to_human_text(t, *partition);
    }
  }
  for (const type &wider : fuzz::primitive_types()) {
    if (can_promote(t, wider, 3)) fuzz::attempt([&] { return promote(t, wider, v); });
  }
}

}  // namespace

/// The first byte chooses a type and a form: JSON, bytes, text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const std::vector<type> types = fuzz::primitive_types();
  if (size == 0) return 0;
  const type &t = types[data[0] / 3 % types.size()];
  const std::string_view text = fuzz::text_of(data + 1, size - 1);
  std::optional<value> read;
  switch (data[0] % 3) {
    case 0:
      read = fuzz::attempt([&] { return read_single_value_text(t, text, "fuzz"); }, {status::INVALID_ARGUMENT});
      if (read) {
        const std::string written = json_of(t, *read);
        fuzz::require(json_of(t, read_single_value_text(t, written, "written")) == written, "JSON is read back");
      }
      break;
    case 1:
      read = fuzz::attempt([&] { return from_single_value(t, text); }, {status::CORRUPT});
      break;
    default:
      read = fuzz::attempt([&] { return value_from_text(t, text); }, {status::INVALID_ARGUMENT});
  }
  if (read) use(t, *read);
  return 0;
}
