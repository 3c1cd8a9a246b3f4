#include "codec/roaring_bitmap.h"

#include <fmt/format.h>

#include <bit>
#include <string>

#include "base/error.h"
#include "base/little_endian.h"

namespace evodb {
namespace {

// RoaringFormatSpec.
constexpr std::uint32_t cookie_without_runs = 12346;
constexpr std::uint16_t cookie_with_runs = 12347;
constexpr std::size_t most_containers = 1 << 16;
constexpr std::size_t most_in_array = 4096;
constexpr std::size_t bitset_bytes = 8192;
constexpr std::size_t descriptor_bytes = 4;  // the upper 16 bits, and the cardinality less one
constexpr std::size_t offset_bytes = 4;
constexpr std::size_t run_bytes = 4;            // its first number, and its length less one
constexpr std::size_t fewest_with_offsets = 4;  // where there are runs; otherwise they are always there
constexpr std::int64_t numbers_of_container = 1 << 16;

std::uint16_t load_u16(byte_view from, std::size_t index) noexcept {
  return load_le<std::uint16_t>(from.data() + index * sizeof(std::uint16_t));
}

/// The positions of one container.
using container_positions = std::span<const std::int64_t>;

std::vector<container_positions> split_by_container(std::span<const std::int64_t> positions) {
  std::vector<container_positions> parts;
  for (std::size_t begin = 0, end = 0; begin < positions.size(); begin = end) {
    const std::int64_t key = positions[begin] / numbers_of_container;
    while (end < positions.size() && positions[end] / numbers_of_container == key) ++end;
    parts.push_back(positions.subspan(begin, end - begin));
  }
  return parts;
}

std::size_t count_runs(container_positions positions) {
  std::size_t runs = 1;
  for (std::size_t i = 1; i < positions.size(); ++i) runs += positions[i] != positions[i - 1] + 1 ? 1 : 0;
  return runs;
}

std::size_t size_without_runs(container_positions positions) {
  return positions.size() > most_in_array ? bitset_bytes : positions.size() * sizeof(std::uint16_t);
}

void append_runs(bytes &to, container_positions positions) {
  append_le(to, static_cast<std::uint16_t>(count_runs(positions)));
  for (std::size_t begin = 0, end = 0; begin < positions.size(); begin = end) {
    for (end = begin + 1; end < positions.size() && positions[end] == positions[end - 1] + 1;) ++end;
    append_le(to, static_cast<std::uint16_t>(positions[begin]));
    append_le(to, static_cast<std::uint16_t>(end - begin - 1));
  }
}

void append_bitset(bytes &to, container_positions positions) {
  const std::size_t begin = to.size();
  to.resize(begin + bitset_bytes, '\0');
  for (const std::int64_t position : positions) {
    const auto number = static_cast<std::uint16_t>(position);
    to[begin + number / 8] = static_cast<char>(to[begin + number / 8] | 1 << number % 8);
  }
}

void append_array(bytes &to, container_positions positions) {
  for (const std::int64_t position : positions) append_le(to, static_cast<std::uint16_t>(position));
}

}  // namespace

void roaring_bitmap::fail_corrupt(std::string_view problem) const {
  fail(status::CORRUPT, fmt::format("a bitmap of deleted positions is not valid: {} ({})", problem, file_),
       std::string(file_));
}

byte_view roaring_bitmap::part(std::size_t offset, std::size_t length) const {
  if (offset > data_.size() || length > data_.size() - offset) fail_corrupt("it ends early");
  return data_.substr(offset, length);
}

roaring_bitmap::roaring_bitmap(byte_view data, std::string_view file) : data_(data), file_(file) {
  const auto cookie = load_le<std::uint32_t>(part(0, sizeof(std::uint32_t)).data());
  descriptors_ = sizeof cookie;
  const bool has_runs = static_cast<std::uint16_t>(cookie) == cookie_with_runs;
  if (has_runs) {
    container_count_ = (cookie >> 16) + 1;
    run_flags_ = part(descriptors_, (container_count_ + 7) / 8);
    descriptors_ += run_flags_.size();
  } else if (cookie == cookie_without_runs) {
    container_count_ = load_le<std::uint32_t>(part(descriptors_, sizeof(std::uint32_t)).data());
    descriptors_ += sizeof(std::uint32_t);
  } else {
    fail_corrupt(fmt::format("it begins with {}", cookie));
  }
  if (container_count_ > most_containers) fail_corrupt(fmt::format("it has {} containers", container_count_));
  size_ = for_each_container([this](const container &c) { cardinality_ += static_cast<std::int64_t>(c.cardinality); });
}

template <typename Visit>
std::size_t roaring_bitmap::for_each_container(Visit visit) const {
  const byte_view descriptors = part(descriptors_, container_count_ * descriptor_bytes);
  std::size_t at = descriptors_ + descriptors.size();
  // The offsets are for readers that jump; those that read all containers take them one after another, as Java does.
  if (run_flags_.empty() || container_count_ >= fewest_with_offsets)
    at += part(at, container_count_ * offset_bytes).size();
  for (std::size_t i = 0; i < container_count_; ++i) {
    container found;
    const std::uint32_t key = load_u16(descriptors, 2 * i);
    if (i > 0 && key <= load_u16(descriptors, 2 * i - 2)) fail_corrupt("its containers do not ascend");
    found.high = key << 16;
    found.cardinality = load_u16(descriptors, 2 * i + 1) + std::size_t{1};
    const bool is_runs = !run_flags_.empty() && (static_cast<std::uint8_t>(run_flags_[i / 8]) >> i % 8 & 1) != 0;
    if (is_runs) {
      found.kind = container_kind::runs;
      const std::size_t runs = load_u16(part(at, sizeof(std::uint16_t)), 0);
      at += sizeof(std::uint16_t);
      found.body = part(at, runs * run_bytes);
    } else if (found.cardinality > most_in_array) {
      found.kind = container_kind::bitset;
      found.body = part(at, bitset_bytes);
    } else {
      found.body = part(at, found.cardinality * sizeof(std::uint16_t));
    }
    at += found.body.size();
    visit(found);
  }
  return at;
}

void roaring_bitmap::append_to(std::vector<std::int64_t> &positions, std::int64_t base) const {
  const auto append_array = [&](const container &from, std::int64_t first) {
    for (std::size_t i = 0; i < from.cardinality; ++i) {
      const std::uint16_t number = load_u16(from.body, i);
      if (i > 0 && number <= load_u16(from.body, i - 1)) fail_corrupt("the numbers of a container do not ascend");
      positions.push_back(first + number);
    }
  };
  const auto for_each_word = [](const container &from, auto visit) {
    for (std::size_t i = 0; i < bitset_bytes; i += sizeof(std::uint64_t))
      visit(static_cast<std::int64_t>(i * 8), load_le<std::uint64_t>(from.body.data() + i));
  };
  const auto append_bitset = [&](const container &from, std::int64_t first) {
    std::size_t count = 0;
    for_each_word(from,
                  [&](std::int64_t, std::uint64_t word) { count += static_cast<std::size_t>(std::popcount(word)); });
    if (count != from.cardinality) fail_corrupt("a container has more or fewer numbers than it says");
    for_each_word(from, [&](std::int64_t at, std::uint64_t word) {
      for (; word != 0; word &= word - 1) positions.push_back(first + at + std::countr_zero(word));
    });
  };
  const auto append_runs = [&](const container &from, std::int64_t first) {
    std::size_t left = from.cardinality;
    std::int64_t free_from = 0;  // what runs so far have not taken
    for (std::size_t i = 0; i < from.body.size() / run_bytes; ++i) {
      const std::int64_t begin = load_u16(from.body, 2 * i);
      const std::int64_t length = load_u16(from.body, 2 * i + 1) + std::int64_t{1};
      if (begin < free_from || begin + length > numbers_of_container)
        fail_corrupt("the runs of a container do not ascend");
      if (static_cast<std::size_t>(length) > left) fail_corrupt("a container has more numbers than it says");
      for (std::int64_t number = begin; number < begin + length; ++number) positions.push_back(first + number);
      left -= static_cast<std::size_t>(length);
      free_from = begin + length;
    }
    if (left > 0) fail_corrupt("a container has fewer numbers than it says");
  };
  for_each_container([&](const container &from) {
    const std::int64_t first = base + from.high;
    switch (from.kind) {
      case container_kind::array:
        return append_array(from, first);
      case container_kind::bitset:
        return append_bitset(from, first);
      case container_kind::runs:
        return append_runs(from, first);
    }
  });
}

void append_roaring_bitmap(bytes &to, std::span<const std::int64_t> positions) {
  const std::vector<container_positions> containers = split_by_container(positions);
  std::vector<bool> are_runs;
  std::vector<std::size_t> sizes;
  bool has_runs = false;
  for (const container_positions &one : containers) {
    const std::size_t of_runs = sizeof(std::uint16_t) + count_runs(one) * run_bytes;
    are_runs.push_back(of_runs < size_without_runs(one));
    sizes.push_back(are_runs.back() ? of_runs : size_without_runs(one));
    has_runs |= are_runs.back();
  }
  const std::size_t begin = to.size();
  if (has_runs) {
    append_le(to, cookie_with_runs);
    append_le(to, static_cast<std::uint16_t>(containers.size() - 1));
    std::string flags((containers.size() + 7) / 8, '\0');
    for (std::size_t i = 0; i < containers.size(); ++i)
      if (are_runs[i]) flags[i / 8] = static_cast<char>(flags[i / 8] | 1 << i % 8);
    to += flags;
  } else {
    append_le(to, cookie_without_runs);
    append_le(to, static_cast<std::uint32_t>(containers.size()));
  }
  for (const container_positions &one : containers) {
    append_le(to, static_cast<std::uint16_t>(one.front() >> 16));
    append_le(to, static_cast<std::uint16_t>(one.size() - 1));
  }
  if (!has_runs || containers.size() >= fewest_with_offsets) {
    std::size_t at = to.size() - begin + containers.size() * offset_bytes;
    for (const std::size_t size : sizes) {
      append_le(to, static_cast<std::uint32_t>(at));
      at += size;
    }
  }
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (are_runs[i]) {
      append_runs(to, containers[i]);
    } else if (containers[i].size() > most_in_array) {
      append_bitset(to, containers[i]);
    } else {
      append_array(to, containers[i]);
    }
  }
}

}  // namespace evodb
