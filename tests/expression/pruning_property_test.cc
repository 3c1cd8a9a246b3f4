// Random filters over random small files: rows decide by brute force, under each order and equality that readers use,
// whether a file is wanted. No evaluator may drop a wanted file, and a residual must select the same rows as the
// filter.

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/time.h"
#include "base/utf8.h"
#include "expression/bind.h"
#include "expression/convert_literal.h"
#include "expression/manifest_evaluator.h"
#include "expression/metrics_evaluator.h"
#include "expression/parse.h"
#include "expression/partition_evaluator.h"
#include "expression/project.h"
#include "expression/residual.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(pruning)

namespace {

std::mt19937_64 engine(20260823);
std::size_t below(std::size_t n) {
  return engine() % n;
}
bool one_in(std::size_t n) {
  return below(n) == 0;
}

/// How a reader compares.
struct reader {
  bool ieee;   // NaN is equal, above and below nothing
  bool total;  // -0.0 is below 0.0
  bool signed_uuids;
};
constexpr reader readers[] = {{false, false, false}, {false, true, true}, {true, false, false}, {true, false, true}};

enum class truth { no, unknown, yes };

std::partial_ordering order(const type &t, const value &a, const value &b, const reader &r) {
  if (t.is(type_kind::float32) || t.is(type_kind::float64)) {
    const double x = t.is(type_kind::float32) ? double{std::get<float>(a)} : std::get<double>(a);
    const double y = t.is(type_kind::float32) ? double{std::get<float>(b)} : std::get<double>(b);
    if (r.ieee) return x <=> y;
    if (std::isnan(x) || std::isnan(y)) return std::isnan(x) <=> std::isnan(y);
    if (r.total && x == 0 && y == 0) return std::signbit(y) <=> std::signbit(x);
    return x <=> y;
  }
  if (t.is(type_kind::uuid) && r.signed_uuids) {
    const auto flipped = [](std::string octets) {
      octets[0] = static_cast<char>(octets[0] ^ 0x80);
      octets[8] = static_cast<char>(octets[8] ^ 0x80);
      return octets;
    };
    return flipped(std::get<std::string>(a)) <=> flipped(std::get<std::string>(b));
  }
  return compare(t, a, b);
}

using row = std::vector<value>;

truth of(bool b) {
  return b ? truth::yes : truth::no;
}

/// SQL's three-valued logic, straight from the filter as it was written.
truth holds(const predicate &p, const schema &s, const row &values, const reader &r) {
  switch (p.kind) {
    case predicate_kind::always_true:
      return truth::yes;
    case predicate_kind::always_false:
      return truth::no;
    case predicate_kind::not_: {
      const truth inside = holds(*p.children[0], s, values, r);
      return inside == truth::unknown ? inside : of(inside == truth::no);
    }
    case predicate_kind::and_: {
      truth all = truth::yes;
      for (const auto &child : p.children) all = std::min(all, holds(*child, s, values, r));
      return all;
    }
    case predicate_kind::or_: {
      truth any = truth::no;
      for (const auto &child : p.children) any = std::max(any, holds(*child, s, values, r));
      return any;
    }
    default:
      break;
  }
  const field &f = *s.find_path(p.column.segments);
  const value &v = values[static_cast<std::size_t>(f.id - 1)];
  if (p.kind == predicate_kind::is_null) return of(is_null(v));
  if (p.kind == predicate_kind::not_null) return of(!is_null(v));
  if (p.kind == predicate_kind::is_nan) return of(is_nan(v));
  if (p.kind == predicate_kind::not_nan) return of(!is_nan(v));
  if (is_null(v)) return truth::unknown;
  std::vector<std::partial_ordering> orders;
  for (const literal &l : p.literals) {
    const converted_literal converted = convert(l, f.type);
    BOOST_REQUIRE((converted.place == converted_literal::place::at));
    orders.push_back(order(f.type, v, converted.nearest, r));
  }
  const bool equals_any = std::any_of(orders.begin(), orders.end(), [](auto o) { return o == 0; });
  switch (p.kind) {
    case predicate_kind::less:
      return of(orders[0] < 0);
    case predicate_kind::less_equal:
      return of(orders[0] <= 0);
    case predicate_kind::greater:
      return of(orders[0] > 0);
    case predicate_kind::greater_equal:
      return of(orders[0] >= 0);
    case predicate_kind::equal:
    case predicate_kind::in:
      return of(equals_any);
    case predicate_kind::not_equal:
    case predicate_kind::not_in:
      return of(!equals_any);
    default:
      return of(std::get<std::string>(v).starts_with(p.literals[0].text) == (p.kind == predicate_kind::starts_with));
  }
}

template <typename T>
T pick(const std::vector<T> &from) {
  return from[below(from.size())];
}

value random_value(const type &t) {
  using ints = std::numeric_limits<std::int32_t>;
  using longs = std::numeric_limits<std::int64_t>;
  const auto small = static_cast<std::int32_t>(below(41)) - 20;
  switch (t.kind()) {
    case type_kind::boolean:
      return one_in(2);
    case type_kind::int32:
      return one_in(3)
                 ? pick<std::int32_t>({ints::min(), ints::min() + 1, ints::min() + 9, ints::max() - 1, ints::max()})
                 : small;
    case type_kind::int64:
      return one_in(3) ? pick<std::int64_t>({longs::min(), longs::min() + 7, longs::max() - 1, longs::max()})
                       : std::int64_t{small};
    case type_kind::float32:
      return pick<float>(
          {0.f, -0.f, 1.5f, -1.5f, 0.1f, INFINITY, -INFINITY, NAN, -NAN, std::numeric_limits<float>::max()});
    case type_kind::float64:
      return pick<double>(
          {0., -0., 1.5, -1.5, 0.1, 1e300, INFINITY, -INFINITY, NAN, std::numeric_limits<double>::denorm_min()});
    case type_kind::decimal:
      return one_in(4) ? pick<int128>({power_of_ten(t.precision()) - 1, 1 - power_of_ten(t.precision())})
                       : int128{small};
    case type_kind::date:
      return small * static_cast<std::int32_t>(1 + below(40));
    case type_kind::time:
      return static_cast<std::int64_t>(below(86'400)) * 1'000'000;
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return small * pick<std::int64_t>({1, 1'800'000'000, 43'200'000'000, 1'296'000'000'000'000, 1'800'000'000'000}) +
             static_cast<std::int64_t>(below(3)) - 1;
    case type_kind::string:
      return pick<std::string>({"", "a", "ab", "abc", "abcd", "abd", "b", "ä", "äb", "a\U0010FFFF",
                                "a\U0010FFFF\U0010FFFF", "\x7f", "\xee\x80\x80"});
    case type_kind::uuid: {
      std::string octets(16, '\0');
      octets[0] = static_cast<char>(pick<int>({0, 1, 0x7f, 0x80, 0xff}));
      octets[8] = static_cast<char>(pick<int>({0, 0x7f, 0x80, 0xff}));
      octets[15] = static_cast<char>(below(4));
      return octets;
    }
    case type_kind::fixed:
      return std::string{static_cast<char>(pick<int>({0, 1, 0x80, 0xff})),
                         static_cast<char>(pick<int>({0, 0x7f, 0xff}))};
    default:
      return pick<std::string>({"", std::string(1, '\0'), "a", "ab", "\xff", "\xff\xff", "\xff\xff\xff", "a\xff"});
  }
}

const type types[] = {type_kind::boolean,        type_kind::int32,     type_kind::int64,       type_kind::float32,
                      type_kind::float64,        type::decimal(9, 2),  type::decimal(38, 0),   type_kind::date,
                      type_kind::time,           type_kind::timestamp, type_kind::timestamptz, type_kind::timestamp_ns,
                      type_kind::timestamptz_ns, type_kind::string,    type_kind::uuid,        type::fixed(2),
                      type_kind::binary};

/// A filter's literal for the value.
literal written(const type &t, const value &v) {
  literal l;
  l.kind = literal::kind::text;
  l.text = to_text(t, v);
  return l;
}

predicate_ptr random_leaf(const schema &s) {
  const field &f = pick(s.fields());
  column_name name;
  name.segments = {f.name};
  const auto ordinary = [&] {
    value v = random_value(f.type);
    while (is_nan(v)) v = random_value(f.type);
    return written(f.type, v);
  };
  const bool floating = f.type.is(type_kind::float32) || f.type.is(type_kind::float64);
  if (one_in(8)) return test(pick<predicate_kind>({predicate_kind::is_null, predicate_kind::not_null}), name);
  if (floating && one_in(6)) return test(pick<predicate_kind>({predicate_kind::is_nan, predicate_kind::not_nan}), name);
  if (f.type.is(type_kind::string) && one_in(3)) {
    return compare(pick<predicate_kind>({predicate_kind::starts_with, predicate_kind::not_starts_with}), name,
                   ordinary());
  }
  if (one_in(4)) {
    std::vector<literal> literals;
    for (std::size_t n = 1 + below(4); n > 0; --n) literals.push_back(ordinary());
    return in(pick<predicate_kind>({predicate_kind::in, predicate_kind::not_in}), name, std::move(literals));
  }
  return compare(
      pick<predicate_kind>({predicate_kind::less, predicate_kind::less_equal, predicate_kind::greater,
                            predicate_kind::greater_equal, predicate_kind::equal, predicate_kind::not_equal}),
      name, ordinary());
}

predicate_ptr random_filter(const schema &s, int depth) {
  switch (depth == 0 ? 0 : below(6)) {
    case 1:
      return and_({random_filter(s, depth - 1), random_filter(s, depth - 1)});
    case 2:
      return or_({random_filter(s, depth - 1), random_filter(s, depth - 1)});
    case 3:
      return not_(random_filter(s, depth - 1));
    default:
      return random_leaf(s);
  }
}

std::vector<transform> transforms_of(const type &t) {
  std::vector<transform> fitting;
  for (const char *text : {"identity", "bucket[3]", "truncate[1]", "truncate[2]", "truncate[10]", "truncate[1000003]",
                           "year", "month", "day", "hour", "void", "zorder"}) {
    const transform parsed = transform::parse(text);
    if (parsed.can_transform(t)) fitting.push_back(parsed);
  }
  return fitting;
}

struct small_file {
  std::vector<row> rows;
  std::vector<value> partition;
};

value partition_value(const transform &t, const type &source, const value &v) {
  return t.kind == transform::kind::unknown ? value(null_value{}) : t.apply(source, v);
}

/// Rows of one partition: those that fall where the first one does.
small_file random_file(const schema &s, const partition_spec &spec) {
  small_file file;
  for (std::size_t tries = 1 + below(12); tries > 0; --tries) {
    row values;
    for (const field &f : s.fields()) values.push_back(one_in(6) ? value(null_value{}) : random_value(f.type));
    if (!file.rows.empty() && one_in(3)) values = file.rows.back();
    std::vector<value> partition;
    for (const partition_field &f : spec.fields) {
      const auto source = static_cast<std::size_t>(f.source_id() - 1);
      partition.push_back(partition_value(f.transform, s.fields()[source].type, values[source]));
    }
    const auto same = [&](const value &a, const value &b) { return a == b || (is_nan(a) && is_nan(b)); };
    if (file.rows.empty()) file.partition = partition;
    if (std::equal(partition.begin(), partition.end(), file.partition.begin(), same))
      file.rows.push_back(std::move(values));
  }
  // The two zeroes are different partitions, though == says otherwise.
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    const auto source = static_cast<std::size_t>(spec.fields[i].source_id() - 1);
    const auto differs = [&](const row &r) {
      return spec.fields[i].transform.kind == transform::kind::identity && !is_null(r[source]) && !is_nan(r[source]) &&
             compare(s.fields()[source].type, r[source], file.partition[i]) != 0;
    };
    std::erase_if(file.rows, differs);
  }
  // What Java up to 0.10 wrote.
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    const transform &t = spec.fields[i].transform;
    const type &source = s.fields()[static_cast<std::size_t>(spec.fields[i].source_id() - 1)].type;
    const bool time = t.kind >= transform::kind::year && t.kind <= transform::kind::hour;
    if (!time || (source.is(type_kind::date) && t.kind == transform::kind::day) || is_null(file.partition[i]) ||
        !one_in(3))
      continue;
    const std::int32_t right = std::get<std::int32_t>(file.partition[i]);
    if (right < 0) file.partition[i] = right + 1;
  }
  return file;
}

/// Least and greatest of the values that are neither null nor NaN.
std::pair<const value *, const value *> extremes(const type &t, const std::vector<const value *> &values,
                                                 bool signed_uuids) {
  const reader r{false, true, signed_uuids};
  const value *lowest = nullptr, *highest = nullptr;
  for (const value *v : values) {
    if (is_null(*v) || is_nan(*v)) continue;
    if (!lowest || order(t, *v, *lowest, r) < 0) lowest = v;
    if (!highest || order(t, *v, *highest, r) > 0) highest = v;
  }
  return {lowest, highest};
}

column_metrics random_metrics(const field &f, const std::vector<row> &rows) {
  column_metrics m;
  m.field_id = f.id;
  std::vector<const value *> values;
  std::int64_t nulls = 0, nans = 0;
  for (const row &r : rows) {
    values.push_back(&r[static_cast<std::size_t>(f.id - 1)]);
    nulls += is_null(*values.back());
    nans += is_nan(*values.back());
  }
  if (!one_in(6)) m.value_count = static_cast<std::int64_t>(rows.size());
  if (!one_in(6)) m.null_value_count = nulls;
  if ((f.type.is(type_kind::float32) || f.type.is(type_kind::float64)) && !one_in(4)) m.nan_value_count = nans;
  const auto [lowest, highest] = extremes(f.type, values, one_in(2));
  const bool may_cut = f.type.is(type_kind::string) || f.type.is(type_kind::binary);
  const std::size_t width = may_cut && one_in(2) ? 1 + below(2) : 100;
  if (lowest && !one_in(6)) {
    m.lower_bound = to_single_value(f.type, *lowest);
    if (may_cut)
      m.lower_bound =
          m.lower_bound->substr(0, f.type.is(type_kind::string) ? offset_of_code_point(*m.lower_bound, width) : width);
  }
  if (highest && !one_in(6)) {
    m.upper_bound = to_single_value(f.type, *highest);
    if (may_cut)
      m.upper_bound =
          f.type.is(type_kind::string) ? truncate_up(*m.upper_bound, width) : truncate_bytes_up(*m.upper_bound, width);
  }
  if (nans > 0 && one_in(3)) {  // as ORC writers did
    const value nan = f.type.is(type_kind::float32) ? value(NAN) : value(std::numeric_limits<double>::quiet_NaN());
    m.lower_bound = m.upper_bound = to_single_value(f.type, nan);
  }
  return m;
}

manifest_file summary_of(const std::vector<small_file> &files, const schema &s, const partition_spec &spec) {
  manifest_file manifest;
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    const type t = spec.result_type(spec.fields[i], s);
    std::vector<const value *> values;
    field_summary summary;
    bool nan = false;
    for (const small_file &file : files) {
      values.push_back(&file.partition[i]);
      summary.contains_null |= is_null(*values.back());
      nan |= is_nan(*values.back());
    }
    if (!one_in(3)) summary.contains_nan = nan;
    const auto [lowest, highest] = extremes(t, values, one_in(2));
    if (lowest) summary.lower_bound = to_single_value(t, *lowest);
    if (highest) summary.upper_bound = to_single_value(t, *highest);
    manifest.partitions.push_back(std::move(summary));
  }
  return manifest;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_wanted_file_is_dropped_and_residuals_select_the_same_rows) {
  std::size_t wanted_files = 0, dropped_by_partition = 0, dropped_by_metrics = 0, dropped_manifests = 0, decided = 0;
  for (int round = 0; round < 6'000; ++round) {
    std::vector<field> fields(2);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      fields[i].id = static_cast<std::int32_t>(i) + 1;
      fields[i].name = i == 0 ? "first one" : "second";
      fields[i].type = types[below(std::size(types))];
    }
    const schema s(0, fields);
    partition_spec spec;
    for (std::size_t n = below(3); n > 0; --n) {
      partition_field f;
      f.source_ids = {static_cast<std::int32_t>(1 + below(fields.size()))};
      f.field_id = 1000 + static_cast<std::int32_t>(spec.fields.size());
      f.name = fmt::format("p {}", f.field_id);
      f.transform = pick(transforms_of(fields[static_cast<std::size_t>(f.source_id() - 1)].type));
      spec.fields.push_back(f);
    }
    std::vector<type> partition_types;
    std::vector<std::int32_t> partition_ids;
    for (const partition_field &f : spec.fields) {
      partition_types.push_back(spec.result_type(f, s));
      partition_ids.push_back(f.field_id);
    }
    std::vector<small_file> files;
    data_files_builder builder(0, partition_types, partition_ids);
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      files.push_back(random_file(s, spec));
      data_file described;
      described.file_path = fmt::format("file-{}", n);
      described.record_count = static_cast<std::int64_t>(files.back().rows.size());
      described.partition = files.back().partition;
      for (const field &f : fields) {
        if (!one_in(8)) described.metrics.push_back(random_metrics(f, files.back().rows));
      }
      builder.add(described);
    }
    const data_files batch = std::move(builder).finish();
    const manifest_file manifest = summary_of(files, s, spec);

    const predicate_ptr filter = random_filter(s, 3);
    const bound_ptr rows = evodb::bind(filter, s, true);  // the readers are many, and some put NaN above all numbers
    const std::string context = fmt::format("round {}: {}", round, to_text(*rows));
    const bound_ptr projected = project_inclusive(rows, spec);
    const manifest_evaluator by_manifest(projected, spec);
    const partition_evaluator by_partition(projected, spec);
    const metrics_evaluator by_metrics(rows);
    std::vector<std::uint8_t> partition_keep(batch.size(), 1), metrics_keep(batch.size(), 1);
    by_partition.evaluate(batch, partition_keep);
    by_metrics.evaluate(batch, metrics_keep);
    const residual_evaluator residuals(rows, spec);
    bool manifest_wanted = false;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const partition_tuple partition(files[i].partition.begin(), files[i].partition.end());
      const predicate_ptr left = parse_filter(to_text(*residuals.residual_for(partition)));
      const predicate_ptr reread = parse_filter(to_text(*rows));
      decided += left->children.size() + left->literals.size() < reread->children.size() + reread->literals.size();
      bool wanted = false;
      for (const row &r : files[i].rows) {
        for (const reader &as : readers) {
          const bool matches = holds(*filter, s, r, as) == truth::yes;
          wanted |= matches;
          if ((holds(*reread, s, r, as) == truth::yes) != matches)
            BOOST_FAIL(context << ": the bound filter is another one");
          if ((holds(*left, s, r, as) == truth::yes) != matches) {
            BOOST_FAIL(context << ": residual " << to_text(*residuals.residual_for(partition)) << " in "
                               << spec.fields[0].transform.to_text() << " of "
                               << to_text(partition_types[0], files[i].partition[0]));
          }
        }
      }
      manifest_wanted |= wanted;
      wanted_files += wanted;
      dropped_by_partition += !partition_keep[i];
      dropped_by_metrics += !metrics_keep[i];
      const std::string why = by_partition.reason(batch, i) + by_metrics.reason(batch, i);
      if (wanted && !(partition_keep[i] && metrics_keep[i])) BOOST_FAIL(context << ": dropped a wanted file: " << why);
      if (why.empty() != (partition_keep[i] && metrics_keep[i]))
        BOOST_FAIL(context << ": reason does not fit: '" << why << '\'');
    }
    const bool manifest_kept = by_manifest.may_match(manifest);
    dropped_manifests += !manifest_kept;
    if (manifest_wanted && !manifest_kept)
      BOOST_FAIL(context << ": dropped a wanted manifest: " << by_manifest.reason(manifest));
    if (by_manifest.reason(manifest).empty() != manifest_kept)
      BOOST_FAIL(context << ": reason of a manifest does not fit");
  }
  // The test is worth something only where all of these happen often.
  BOOST_TEST_MESSAGE(wanted_files << " wanted, dropped " << dropped_by_partition << " by partition, "
                                  << dropped_by_metrics << " by metrics, " << dropped_manifests
                                  << " manifests; residuals simpler: " << decided);
  BOOST_TEST(wanted_files > 2'000u);
  BOOST_TEST(dropped_by_partition > 500u);
  BOOST_TEST(dropped_by_metrics > 1'000u);
  BOOST_TEST(dropped_manifests > 200u);
  BOOST_TEST(decided > 500u);
}

BOOST_AUTO_TEST_SUITE_END()
