#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "arrow/c_data.h"

namespace evodb {

/// The children of a structure that is given out. A consumer that moved one out has marked it as released; the others go
/// with their parent.
template <typename Structure>
struct given_children {
  explicit given_children(std::size_t count) : structures(count) {
    for (Structure &child : structures) pointers.push_back(&child);
  }
  ~given_children() {
    for (Structure &child : structures) {
      if (child.release != nullptr) child.release(&child);
    }
  }
  given_children(const given_children &) = delete;
  given_children &operator=(const given_children &) = delete;

  std::vector<Structure> structures;
  std::vector<Structure *> pointers;
};

using key_values = std::vector<std::pair<std::string, std::string>>;

/// Makes a schema, which its consumer releases, and gives its children to be filled.
std::vector<ArrowSchema> &give_schema(std::string format, std::string name, bool is_nullable, std::size_t child_count,
                                      ArrowSchema &out, const key_values &metadata = {});

}  // namespace evodb
