// Patterns. Compiled, a wildcard is a control character that no text of a policy may hold, so that a '*' which came out
// of a variable, and so from the request, is only a star.

#include "localcloud/services/iam/policy/pattern.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace localcloud::iam::policy {
namespace {

constexpr char kAnyRun = '\x01';
constexpr char kAnyOne = '\x02';

bool holds_marks(std::string_view text) {
  return text.find(kAnyRun) != std::string_view::npos || text.find(kAnyOne) != std::string_view::npos;
}

void append_marked(std::string& out, std::string_view text, Wildcards wildcards) {
  for (const char c : text) {
    if (wildcards == Wildcards::active && c == '*') {
      out += kAnyRun;
    } else if (wildcards == Wildcards::active && c == '?') {
      out += kAnyOne;
    } else {
      out += c;
    }
  }
}

char folded(char c, Case letters) {
  return letters == Case::ignored && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The last run of the pattern that was met is the only one worth going back to.
bool glob(std::string_view pattern, std::string_view text, Case letters) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t run = std::string_view::npos;
  std::size_t run_end = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == kAnyRun) {
      run = p++;
      run_end = t;
    } else if (p < pattern.size() &&
               (pattern[p] == kAnyOne || folded(pattern[p], letters) == folded(text[t], letters))) {
      ++p;
      ++t;
    } else if (run != std::string_view::npos) {
      p = run + 1;
      t = ++run_end;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == kAnyRun) ++p;
  return p == pattern.size();
}

// The six parts of an ARN; nothing where there are fewer.
std::optional<std::array<std::string_view, 6>> split_arn(std::string_view text) {
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < 5; ++i) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  parts[5] = text;
  return parts;
}

bool glob_arn(std::string_view pattern, std::string_view arn) {
  const auto pattern_parts = split_arn(pattern);
  const auto arn_parts = split_arn(arn);
  if (!pattern_parts || !arn_parts) {
    // "*" matches all, and so a resource that is "*", too; half an ARN matches nothing.
    return !pattern.starts_with("arn:") && glob(pattern, arn, Case::sensitive);
  }
  for (std::size_t i = 0; i < 6; ++i) {
    if (!glob((*pattern_parts)[i], (*arn_parts)[i], Case::sensitive)) return false;
  }
  return true;
}

}  // namespace

std::optional<Pattern> Pattern::compile(std::string_view text, Wildcards wildcards, Variables variables) {
  if (holds_marks(text)) return std::nullopt;
  Pattern pattern;
  Part literal;
  while (true) {
    const auto start = variables == Variables::expanded ? text.find("${") : std::string_view::npos;
    append_marked(literal.text, text.substr(0, start), wildcards);
    if (start == std::string_view::npos) break;
    const auto end = text.find('}', start);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view name = text.substr(start + 2, end - start - 2);
    text.remove_prefix(end + 1);
    if (name == "*" || name == "?" || name == "$") {
      literal.text += name;
      continue;
    }
    Part variable;
    if (const auto comma = name.find(','); comma != std::string_view::npos) {
      const auto fallback = base::trim(name.substr(comma + 1));
      if (fallback.size() < 2 || fallback.front() != '\'' || fallback.back() != '\'') return std::nullopt;
      variable.text = fallback.substr(1, fallback.size() - 2);
      variable.has_default = true;
      name = name.substr(0, comma);
    }
    variable.variable = base::lower(base::trim(name));
    if (variable.variable.empty()) return std::nullopt;
    pattern.parts_.push_back(std::exchange(literal, {}));
    pattern.parts_.push_back(std::move(variable));
  }
  pattern.parts_.push_back(std::move(literal));
  return pattern;
}

std::optional<std::string> Pattern::expand(const Context& context) const {
  std::string out;
  for (const Part& part : parts_) {
    if (part.variable.empty()) {
      out += part.text;
      continue;
    }
    const auto values = context.find(part.variable);
    if (values && values->size() == 1 && !holds_marks(values->front())) {
      out += values->front();
    } else if (!values && part.has_default) {
      out += part.text;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

bool Pattern::matches(std::string_view text, const Context& context, Case letters) const {
  if (fixed()) return glob(parts_[0].text, text, letters);
  const auto expanded = expand(context);
  return expanded && glob(*expanded, text, letters);
}

bool Pattern::matches_arn(std::string_view arn, const Context& context) const {
  if (fixed()) return glob_arn(parts_[0].text, arn);
  const auto expanded = expand(context);
  return expanded && glob_arn(*expanded, arn);
}

}  // namespace localcloud::iam::policy
