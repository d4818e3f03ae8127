#pragma once
// What is kept of the values that one metric took in one minute: enough for every statistic, small, and mergeable in
// any order. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace localcloud::metrics {

// Values with their counts while they are few; beyond kValuesMax distinct ones, counts of buckets whose bounds grow by
// 2 %, so that a percentile is within 1 % of the truth however many values there were.
class Aggregate {
 public:
  static constexpr std::size_t kValuesMax = 64;
  static constexpr std::size_t kBucketsMax = 2048;

  void add(double value, double count = 1);
  // A set whose single values are not known. Percentiles are lost unless they can only be one value.
  void add_set(double count, double sum, double minimum, double maximum);
  void merge(const Aggregate& other);

  bool empty() const { return count_ == 0; }
  double count() const { return count_; }
  double sum() const { return sum_; }
  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }
  // The value that `percent` of the values don't exceed. Nothing where only sums are known.
  std::optional<double> percentile(double percent) const;

  std::string encode() const;
  static Aggregate decode(std::string_view bytes);

  bool operator==(const Aggregate&) const = default;

 private:
  // `at` is the value, or the bucket's number once bucketed_.
  struct Entry {
    double at;
    double count;
    bool operator==(const Entry&) const = default;
  };
  void add_entry(double at, double count);
  void make_buckets();
  void limit();

  double count_ = 0;
  double sum_ = 0;
  double minimum_ = 0;
  double maximum_ = 0;
  bool has_sets_ = false;
  bool bucketed_ = false;
  std::vector<Entry> entries_;  // by `at`
};

// A statistic as the API names it: Sum, Average, …, or p99.9.
struct Statistic {
  enum class Kind { sample_count, average, sum, minimum, maximum, percentile };
  Kind kind = Kind::average;
  double percent = 0;  // of Kind::percentile

  // Nothing where the text names none that is here.
  static std::optional<Statistic> parse(std::string_view text);
  std::optional<double> of(const Aggregate& aggregate) const;
  bool operator==(const Statistic&) const = default;
};

}  // namespace localcloud::metrics
