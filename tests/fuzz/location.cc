#include "base/location.h"

#include "finding.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const location base = location::parse("s3://bucket/table");
  if (const auto resolved = fuzz::attempt([&] { return resolve(base, text); }))
    fuzz::require(location::parse(resolved->to_text()) == *resolved, "what is resolved is read back");
  const auto parsed = fuzz::attempt([&] { return location::parse(text, "/work"); });
  if (!parsed) return 0;
  fuzz::require(location::parse(parsed->to_text()) == *parsed, "a location's text is read back");
  base.contains(*parsed);
  const location child = parsed->child("c");
  fuzz::require(location::parse(child.to_text()) == child, "a child's text is read back");
  return 0;
}
