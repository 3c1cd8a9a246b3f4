#include "arrow/give_schema.h"

#include <cstring>
#include <memory>

namespace evodb {
namespace {

/// What a given-out schema keeps alive.
struct schema_owner {
  schema_owner(std::string as, std::string of, std::string pairs, std::size_t child_count)
      : format(std::move(as)), name(std::move(of)), metadata(std::move(pairs)), nested(child_count) {}
  std::string format, name, metadata;
  given_children<ArrowSchema> nested;
};

void release_schema(ArrowSchema *schema) {
  delete static_cast<schema_owner *>(schema->private_data);
  schema->private_data = nullptr;
  schema->release = nullptr;
}

/// As the C data interface has them: counts and lengths are int32 of this machine.
std::string encoded(const key_values &metadata) {
  if (metadata.empty()) return {};
  std::string octets;
  const auto number = [&](std::size_t value) {
    const auto narrow = static_cast<std::int32_t>(value);
    char raw[sizeof narrow];
    std::memcpy(raw, &narrow, sizeof narrow);
    octets.append(raw, sizeof narrow);
  };
  number(metadata.size());
  for (const auto &[key, value] : metadata) {
    for (const std::string &text : {key, value}) {
      number(text.size());
      octets += text;
    }
  }
  return octets;
}

}  // namespace

std::vector<ArrowSchema> &give_schema(std::string format, std::string name, bool is_nullable, std::size_t child_count,
                                      ArrowSchema &out, const key_values &metadata) {
  auto owner = std::make_unique<schema_owner>(std::move(format), std::move(name), encoded(metadata), child_count);
  schema_owner &kept = *owner;
  out = ArrowSchema{};
  out.format = kept.format.c_str();
  out.name = kept.name.c_str();
  out.metadata = kept.metadata.empty() ? nullptr : kept.metadata.data();
  out.flags = is_nullable ? ARROW_FLAG_NULLABLE : 0;
  out.n_children = static_cast<std::int64_t>(child_count);
  out.children = child_count == 0 ? nullptr : kept.nested.pointers.data();
  out.release = release_schema;
  out.private_data = owner.release();
  return kept.nested.structures;
}

}  // namespace evodb
