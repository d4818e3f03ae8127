// Aggregates, and their bytes: flags, count, sum, minimum, maximum, then the entries.

#include "localcloud/services/metrics/aggregate.hpp"

#include <bit>
#include <cmath>

#include "base/check.hpp"
#include "base/text.hpp"

namespace localcloud::metrics {

namespace {

const double kLogGrowth = std::log(1.02);
// So that every positive double has a bucket above 0; negative values have the mirrored ones, zero has 0.
constexpr double kBucketOffset = 40'000;

double bucket_of(double value) {
  if (value == 0) return 0;
  const double number = std::ceil(std::log(std::fabs(value)) / kLogGrowth) + kBucketOffset;
  return value > 0 ? number : -number;
}

// The value in a bucket that is at most 1 % away from every other.
double value_in(double bucket) {
  if (bucket == 0) return 0;
  const double middle = std::exp((std::fabs(bucket) - kBucketOffset) * kLogGrowth) * 2 / 2.02;
  return bucket > 0 ? middle : -middle;
}

void put_double(std::string& out, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(bits >> shift);
}

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// What put_double and put_varint wrote. Other bytes stop the program: nobody else writes these records.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t byte() {
    CHECK(!rest_.empty());
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  double number() {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64; shift += 8) bits |= std::uint64_t{byte()} << shift;
    return std::bit_cast<double>(bits);
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t part = byte();
      value |= std::uint64_t{part & 0x7fu} << shift;
      if (part < 0x80) break;
    }
    return value;
  }

 private:
  std::string_view rest_;
};

constexpr std::uint8_t kHasSets = 1;
constexpr std::uint8_t kBucketed = 2;

// Counts are nearly always whole: twice the number then, 1 and the double else.
void put_count(std::string& out, double count) {
  if (count >= 0 && count < 1e15 && count == std::floor(count)) {
    put_varint(out, static_cast<std::uint64_t>(count) << 1);
  } else {
    put_varint(out, 1);
    put_double(out, count);
  }
}
double take_count(Bytes& bytes) {
  const std::uint64_t count = bytes.varint();
  return count == 1 ? bytes.number() : static_cast<double>(count >> 1);
}

}  // namespace

void Aggregate::add(double value, double count) {
  if (count <= 0) return;
  minimum_ = empty() ? value : std::min(minimum_, value);
  maximum_ = empty() ? value : std::max(maximum_, value);
  count_ += count;
  sum_ += value * count;
  add_entry(bucketed_ ? bucket_of(value) : value, count);
  limit();
}

void Aggregate::add_set(double count, double sum, double minimum, double maximum) {
  if (count <= 0) return;
  if (minimum == maximum) return add(minimum, count);
  minimum_ = empty() ? minimum : std::min(minimum_, minimum);
  maximum_ = empty() ? maximum : std::max(maximum_, maximum);
  count_ += count;
  sum_ += sum;
  has_sets_ = true;
}

void Aggregate::merge(const Aggregate& other) {
  if (other.empty()) return;
  minimum_ = empty() ? other.minimum_ : std::min(minimum_, other.minimum_);
  maximum_ = empty() ? other.maximum_ : std::max(maximum_, other.maximum_);
  count_ += other.count_;
  sum_ += other.sum_;
  has_sets_ = has_sets_ || other.has_sets_;
  if (other.bucketed_ && !bucketed_) make_buckets();
  for (const Entry& entry : other.entries_) {
    add_entry(bucketed_ && !other.bucketed_ ? bucket_of(entry.at) : entry.at, entry.count);
  }
  limit();
}

void Aggregate::add_entry(double at, double count) {
  const auto place = std::ranges::lower_bound(entries_, at, {}, &Entry::at);
  if (place != entries_.end() && place->at == at) {
    place->count += count;
  } else {
    entries_.insert(place, {at, count});
  }
}

void Aggregate::make_buckets() {
  const std::vector<Entry> values = std::exchange(entries_, {});
  bucketed_ = true;
  for (const Entry& entry : values) add_entry(bucket_of(entry.at), entry.count);
}

void Aggregate::limit() {
  if (!bucketed_ && entries_.size() > kValuesMax) make_buckets();
  // Upper percentiles are what people ask for: the lowest buckets become one.
  while (entries_.size() > kBucketsMax) {
    entries_[1].count += entries_[0].count;
    entries_.erase(entries_.begin());
  }
}

std::optional<double> Aggregate::percentile(double percent) const {
  if (empty() || has_sets_) return std::nullopt;
  if (percent <= 0) return minimum_;
  if (percent >= 100) return maximum_;
  const double wanted = count_ * percent / 100;
  double seen = 0;
  for (const Entry& entry : entries_) {
    seen += entry.count;
    // Sums of many counts are not exact.
    if (seen >= wanted - count_ * 1e-12) {
      return bucketed_ ? std::clamp(value_in(entry.at), minimum_, maximum_) : entry.at;
    }
  }
  return maximum_;
}

std::string Aggregate::encode() const {
  std::string out;
  out += static_cast<char>((has_sets_ ? kHasSets : 0) | (bucketed_ ? kBucketed : 0));
  put_count(out, count_);
  for (const double part : {sum_, minimum_, maximum_}) put_double(out, part);
  put_varint(out, entries_.size());
  double before = -80'000;
  for (const Entry& entry : entries_) {
    if (bucketed_) {
      put_varint(out, static_cast<std::uint64_t>(entry.at - before));
      before = entry.at;
    } else {
      put_double(out, entry.at);
    }
    put_count(out, entry.count);
  }
  return out;
}

Aggregate Aggregate::decode(std::string_view text) {
  Bytes bytes(text);
  Aggregate aggregate;
  const std::uint8_t flags = bytes.byte();
  aggregate.has_sets_ = flags & kHasSets;
  aggregate.bucketed_ = flags & kBucketed;
  aggregate.count_ = take_count(bytes);
  aggregate.sum_ = bytes.number();
  aggregate.minimum_ = bytes.number();
  aggregate.maximum_ = bytes.number();
  const std::uint64_t entries = bytes.varint();
  double before = -80'000;
  for (std::uint64_t i = 0; i < entries; ++i) {
    const double at = aggregate.bucketed_ ? before + static_cast<double>(bytes.varint()) : bytes.number();
    before = at;
    const double count = take_count(bytes);
    aggregate.entries_.push_back({at, count});
  }
  return aggregate;
}

std::optional<Statistic> Statistic::parse(std::string_view text) {
  if (text == "SampleCount") return Statistic{Kind::sample_count};
  if (text == "Average") return Statistic{Kind::average};
  if (text == "Sum") return Statistic{Kind::sum};
  if (text == "Minimum") return Statistic{Kind::minimum};
  if (text == "Maximum") return Statistic{Kind::maximum};
  if (!text.starts_with('p') || text.size() < 2 || text.size() > 14 || !base::to_number<double>(text.substr(1)) ||
      text.find_first_not_of("0123456789.", 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const double percent = *base::to_number<double>(text.substr(1));
  if (percent < 0 || percent > 100) return std::nullopt;
  return Statistic{Kind::percentile, percent};
}

std::optional<double> Statistic::of(const Aggregate& aggregate) const {
  if (aggregate.empty()) return std::nullopt;
  switch (kind) {
    case Kind::sample_count:
      return aggregate.count();
    case Kind::average:
      return aggregate.sum() / aggregate.count();
    case Kind::sum:
      return aggregate.sum();
    case Kind::minimum:
      return aggregate.minimum();
    case Kind::maximum:
      return aggregate.maximum();
    case Kind::percentile:
      return aggregate.percentile(percent);
  }
  return std::nullopt;
}

}  // namespace localcloud::metrics
