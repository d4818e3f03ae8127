// Reference resolution by RFC 3986 §5.2.

#include "pipeline/schema/uri.hpp"

#include <optional>
#include <vector>

namespace pipeline::schema {

namespace {

struct Parts {
  std::optional<std::string> scheme;
  std::optional<std::string> authority;
  std::string path;
  std::optional<std::string> query;
  std::optional<std::string> fragment;
};

Parts parse(std::string_view uri) {
  Parts parts;
  if (const auto hash = uri.find('#'); hash != std::string_view::npos) {
    parts.fragment = std::string(uri.substr(hash + 1));
    uri = uri.substr(0, hash);
  }
  if (const auto mark = uri.find('?'); mark != std::string_view::npos) {
    parts.query = std::string(uri.substr(mark + 1));
    uri = uri.substr(0, mark);
  }
  const auto colon = uri.find(':');
  if (colon != std::string_view::npos && colon > 0 && uri.substr(0, colon).find('/') == std::string_view::npos) {
    parts.scheme = std::string(uri.substr(0, colon));
    uri = uri.substr(colon + 1);
  }
  if (uri.starts_with("//")) {
    const auto slash = uri.find('/', 2);
    parts.authority = std::string(uri.substr(2, slash == std::string_view::npos ? slash : slash - 2));
    uri = slash == std::string_view::npos ? std::string_view() : uri.substr(slash);
  }
  parts.path = std::string(uri);
  return parts;
}

std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  const bool is_absolute = path.starts_with('/');
  bool ends_in_slash = false;
  std::size_t at = is_absolute ? 1 : 0;
  while (at <= path.size()) {
    auto slash = path.find('/', at);
    const bool is_last = slash == std::string_view::npos;
    if (is_last) slash = path.size();
    const std::string_view segment = path.substr(at, slash - at);
    ends_in_slash = false;
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
      ends_in_slash = is_last;
    } else if (segment == ".") {
      ends_in_slash = is_last;
    } else {
      kept.push_back(segment);
    }
    if (is_last) break;
    at = slash + 1;
  }
  std::string out = is_absolute ? "/" : "";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) out += '/';
    out += kept[i];
  }
  if (ends_in_slash && !out.ends_with('/')) out += '/';
  return out;
}

std::string merge(const Parts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return "/" + std::string(path);
  const auto slash = base.path.rfind('/');
  return (slash == std::string::npos ? std::string() : base.path.substr(0, slash + 1)) + std::string(path);
}

}  // namespace

std::string resolve_uri(std::string_view base_text, std::string_view reference_text) {
  const Parts base = parse(base_text);
  Parts reference = parse(reference_text);
  if (!reference.scheme) {
    reference.scheme = base.scheme;
    if (!reference.authority) {
      reference.authority = base.authority;
      if (reference.path.empty()) {
        reference.path = base.path;
        if (!reference.query) reference.query = base.query;
      } else if (reference.path.starts_with('/')) {
        reference.path = remove_dot_segments(reference.path);
      } else {
        reference.path = remove_dot_segments(merge(base, reference.path));
      }
    }
  }
  std::string out;
  if (reference.scheme) out += *reference.scheme + ":";
  if (reference.authority) out += "//" + *reference.authority;
  out += reference.path;
  if (reference.query) out += "?" + *reference.query;
  if (reference.fragment) out += "#" + *reference.fragment;
  return out;
}

SplitUri split_fragment(std::string_view uri) {
  const auto hash = uri.find('#');
  if (hash == std::string_view::npos) return {std::string(uri), ""};
  return {std::string(uri.substr(0, hash)), std::string(uri.substr(hash + 1))};
}

}  // namespace pipeline::schema
