#include "model/sort_order_text.h"

#include <fmt/format.h>

#include "base/text_cursor.h"
#include "model/transform_term.h"

namespace evodb {
namespace {

void take_direction(text_cursor &at, sort_field &taken) {
  at.skip_spaces();
  taken.descending = at.take_keyword("desc");
  if (!taken.descending) at.take_keyword("asc");
  taken.nulls_last = taken.descending;
  at.skip_spaces();
  if (!at.take_keyword("nulls")) return;
  at.skip_spaces();
  taken.nulls_last = at.take_keyword("last");
  if (!taken.nulls_last && !at.take_keyword("first")) at.fail_here("expected FIRST or LAST");
}

sort_field take_sort_field(text_cursor &at, const schema &s) {
  at.skip_spaces();
  const std::size_t start = at.position();
  const transform_term term = take_transform_term(at, s);
  const field &source = *s.find(term.source_id);
  if (!term.transform.can_transform(source.type)) {
    at.fail_at(start, fmt::format("transform {} does not take a column of type {}", term.transform.to_text(),
                                  source.type.to_text()));
  }
  if (!s.is_single_valued(source.id)) at.fail_at(start, "the column is inside a list or map");
  sort_field taken;
  taken.transform = term.transform;
  taken.source_ids = {term.source_id};
  take_direction(at, taken);
  return taken;
}

}  // namespace

sort_order parse_sort_order(std::string_view text, const schema &s) {
  text_cursor at("sort order", text);
  sort_order parsed;
  at.skip_spaces();
  if (at.at_end()) return parsed;
  do {
    at.skip_spaces();
    const std::size_t start = at.position();
    const sort_field taken = take_sort_field(at, s);
    for (const sort_field &f : parsed.fields) {
      if (f.source_ids == taken.source_ids && f.transform == taken.transform) at.fail_at(start, "the term comes twice");
    }
    parsed.fields.push_back(taken);
    at.skip_spaces();
  } while (at.take(','));
  at.expect_end();
  return parsed;
}

}  // namespace evodb
