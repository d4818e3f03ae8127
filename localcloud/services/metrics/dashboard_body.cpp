// The rules of a dashboard's body, as far as they can break a dashboard.

#include "localcloud/services/metrics/dashboard_body.hpp"

#include <fmt/core.h>

#include "json/parse.hpp"
#include "json/write.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::size_t kWidgetsMax = 500;
constexpr std::size_t kMetricsMax = 500;
constexpr std::string_view kTypes[] = {"metric", "text", "log", "alarm", "explorer", "custom"};

class Checker {
 public:
  DashboardVerdict verdict;

  void check(const json::Value& body) {
    if (!body.is_object()) return error("", "Should be object");
    const json::Value* const widgets = body.find("widgets");
    if (!widgets) return error("", "Should have required property 'widgets'");
    if (!widgets->is_array()) return error("/widgets", "Should be array");
    if (widgets->as_array().size() > kWidgetsMax) {
      return error("/widgets", fmt::format("Should NOT have more than {} items", kWidgetsMax));
    }
    for (std::size_t i = 0; i < widgets->as_array().size(); ++i) {
      check_widget(widgets->as_array()[i], fmt::format("/widgets/{}", i));
    }
  }

  void error(std::string path, std::string message) { verdict.errors.push_back({std::move(path), std::move(message)}); }

 private:
  void check_widget(const json::Value& widget, const std::string& path) {
    if (!widget.is_object()) return error(path, "Should be object");
    const auto type = widget.get_string("type");
    if (!type) return error(path, "Should have required property 'type'");
    if (std::ranges::find(kTypes, *type) == std::end(kTypes)) {
      return error(path + "/type", "Should be equal to one of the allowed values");
    }
    check_place(widget, path);
    const json::Value* const properties = widget.find("properties");
    if (!properties) return error(path, "Should have required property 'properties'");
    if (!properties->is_object()) return error(path + "/properties", "Should be object");
    check_properties(*type, *properties, path + "/properties");
  }

  void check_place(const json::Value& widget, const std::string& path) {
    struct Side {
      std::string_view name;
      std::int64_t min, max;
    };
    for (const Side& side :
         {Side{"x", 0, 23}, Side{"y", 0, INT32_MAX}, Side{"width", 1, 24}, Side{"height", 1, 1000}}) {
      const json::Value* const value = widget.find(side.name);
      if (!value) continue;
      const auto number = widget.get_int64(side.name);
      const std::string at = fmt::format("{}/{}", path, side.name);
      if (!number) {
        error(at, "Should be integer");
      } else if (*number < side.min) {
        error(at, fmt::format("Should be >= {}", side.min));
      } else if (*number > side.max) {
        error(at, fmt::format("Should be <= {}", side.max));
      }
    }
  }

  void check_properties(std::string_view type, const json::Value& properties, const std::string& path) {
    if (type == "text" && !properties.get_string("markdown")) error(path, "Should have required property 'markdown'");
    if (type == "log" && !properties.get_string("query")) error(path, "Should have required property 'query'");
    if (type == "alarm" && !properties.find("alarms")) error(path, "Should have required property 'alarms'");
    if (type == "metric") check_metric_widget(properties, path);
  }

  void check_metric_widget(const json::Value& properties, const std::string& path) {
    const json::Value* const metrics = properties.find("metrics");
    const json::Value* const annotations = properties.find("annotations");
    if (!metrics && !annotations) return error(path, "Should have required property 'metrics'");
    if (metrics && !metrics->is_array()) return error(path + "/metrics", "Should be array");
    if (metrics && metrics->as_array().size() > kMetricsMax) {
      error(path + "/metrics", fmt::format("Should NOT have more than {} items", kMetricsMax));
    }
    for (std::size_t i = 0; metrics && i < metrics->as_array().size(); ++i) {
      check_metric(metrics->as_array()[i], fmt::format("{}/metrics/{}", path, i));
    }
    if (metrics && !properties.get_string("region")) error(path, "Should have required property 'region'");
    if (!properties.find("title")) return;
    if (!properties.find("title")->is_string()) error(path + "/title", "Should be string");
  }

  // ["Namespace", "Name", "Dimension", "value", …, {rendering}] or [{"expression": …}]; "." repeats what is above.
  void check_metric(const json::Value& metric, const std::string& path) {
    if (!metric.is_array()) return error(path, "Should be array");
    const json::Array& parts = metric.as_array();
    if (parts.empty()) return error(path, "Should NOT have less than 1 items");
    const bool has_options = parts.back().is_object();
    const std::size_t names = parts.size() - (has_options ? 1 : 0);
    for (std::size_t i = 0; i < names; ++i) {
      if (!parts[i].is_string()) return error(fmt::format("{}/{}", path, i), "Should be string");
    }
    if (names == 0 && !parts.back().find("expression")) error(path, "Should have required property 'expression'");
    if (names == 1 && parts[0] != json::Value("...")) error(path, "Should NOT have less than 2 items");
    if (names > 2 && names % 2 != 0 && parts[0] != json::Value("...")) {
      verdict.warnings.push_back({path, "The metric's dimensions should be pairs of names and values"});
    }
  }
};

std::string write_list(const std::vector<PutDashboard::DashboardValidationMessage>& errors, std::string path_name,
                       std::string message_name) {
  json::Array list;
  for (const auto& error : errors) {
    list.push_back(json::Object{{path_name, error.data_path}, {message_name, error.message}});
  }
  return json::write(list);
}

}  // namespace

DashboardVerdict check_dashboard(std::string_view body) {
  Checker checker;
  const auto value = json::parse(body);
  if (value) {
    checker.check(*value);
  } else {
    checker.error("/", "The field DashboardBody must be a valid JSON object");
  }
  return std::move(checker.verdict);
}

std::string to_json(const std::vector<PutDashboard::DashboardValidationMessage>& errors) {
  return write_list(errors, "DataPath", "Message");
}

std::string describe(const std::vector<PutDashboard::DashboardValidationMessage>& errors) {
  return fmt::format("The dashboard body is invalid, there are {} validation errors: {}", errors.size(),
                     write_list(errors, "dataPath", "message"));
}

}  // namespace localcloud::metrics
