#include <boost/json.hpp>

#include "codec/json.h"
#include "codec/json_writer.h"
#include "finding.h"

using namespace evodb;

namespace {

void copy(json_writer &to, const json_node &from) {
  if (from.is_null()) return to.null();
  if (from.is_text()) return to.text(from.text());
  if (from.is_array()) {
    to.begin_array();
    for (std::size_t i = 0; i < from.size(); ++i) copy(to, from[i]);
    return to.end_array();
  }
  if (from.is_object()) {
    to.begin_object();
    from.for_each_member([&](std::string_view key, const json_node &member) {
      to.key(key);
      copy(to, member);
    });
    return to.end_object();
  }
  if (const auto integer = fuzz::attempt([&] { return from.int64(); })) return to.integer(*integer);
  if (const auto number = fuzz::attempt([&] { return from.number(); })) return to.number(*number);
  to.boolean(from.boolean());
}

/// Boost's, whose unsigned integers are doubles here.
boost::json::kind kind_of(const boost::json::value &value) {
  return value.is_uint64() ? boost::json::kind::double_ : value.kind();
}

std::string copy_of(std::string_view json) {
  const json_document document(json, "fuzz");
  std::string copied;
  json_writer writer(copied);
  copy(writer, document.root());
  return copied;
}

}  // namespace

/// What is read and written again stays what it is, and Boost.JSON takes whatever this reader takes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto once = fuzz::attempt([&] { return copy_of(text); });
  if (!once) return 0;
  fuzz::require(copy_of(*once) == *once, "a copy's copy is the same");
  boost::json::parse_options options;
  options.max_depth = 200;
  boost::json::error_code wrong;
  const boost::json::value theirs =
      boost::json::parse(boost::json::string_view(text.data(), text.size()), wrong, {}, options);
  fuzz::require(!wrong, "Boost.JSON reads it, too");
  fuzz::require(kind_of(theirs) == parse_json(text, "fuzz").kind(), "as the same kind");
  return 0;
}
