// From the text of a pattern to steps, where it is of that kind.

#include "pipeline/schema/sequence.hpp"

#include <bitset>
#include <charconv>

namespace pipeline::schema {

namespace {

using Bytes = std::bitset<256>;

constexpr std::uint32_t kUnbounded = UINT32_MAX;
constexpr std::size_t kStepsMax = 64;
constexpr std::uint32_t kCountMax = 100'000;

Bytes range(unsigned char first, unsigned char last) {
  Bytes bytes;
  for (unsigned c = first; c <= last; ++c) bytes.set(c);
  return bytes;
}

const Bytes kDigits = range('0', '9');
const Bytes kWord = range('0', '9') | range('a', 'z') | range('A', 'Z') | range('_', '_');
const Bytes kBeyondAscii = range(0x80, 0xff);

}  // namespace

// Throws Beyond within, where the pattern is more than a sequence.
class SequenceCompiler {
 public:
  struct Beyond {};

  SequenceCompiler(std::string_view pattern, Sequence& sequence) : rest_(pattern), sequence_(sequence) {}

  void run() {
    if (!take('^')) throw Beyond{};
    concatenation(0);
    if (take('$')) sequence_.to_the_end_ = true;
    if (!rest_.empty()) throw Beyond{};
    if (!sequence_.to_the_end_ && !sequence_.steps_.empty()) {
      // Whatever else the last one could take may follow as well.
      Sequence::Step& last = sequence_.steps_.back();
      if (last.op == Sequence::Op::repeat) last.max = last.min;
    }
    for (std::uint32_t at = 0; at < sequence_.steps_.size(); ++at) require_decided(at);
    for (Sequence::Step& step : sequence_.steps_) {
      if (step.op == Sequence::Op::repeat && step.min == 1 && step.max == 1) step.op = Sequence::Op::one;
    }
    sequence_.is_one_run_ = sequence_.to_the_end_ && sequence_.steps_.size() == 1;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  char next() {
    if (rest_.empty() || static_cast<unsigned char>(rest_[0]) >= 0x80) throw Beyond{};
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }

  void concatenation(int depth) {
    while (!rest_.empty() && rest_[0] != '$' && rest_[0] != ')') {
      if (take('(')) {
        group(depth);
      } else {
        const Bytes bytes = atom();
        repeat(bytes);
      }
    }
  }

  // What follows an opening parenthesis: the group, and how often it may occur.
  void group(int depth) {
    if (depth >= 4) throw Beyond{};
    if (take('?') && !take(':')) throw Beyond{};
    const std::string_view inside = rest_;
    const std::uint32_t first = size();
    concatenation(depth + 1);
    if (!take(')')) throw Beyond{};
    const char how_often = rest_.empty() ? '\0' : rest_[0];
    if (how_often != '?' && how_often != '*' && how_often != '+') {
      if (how_often == '{') throw Beyond{};
      return;
    }
    rest_.remove_prefix(1);
    if (rest_.starts_with('?')) throw Beyond{};
    const std::string_view after = rest_;
    if (how_often != '+') sequence_.steps_.resize(first);
    const std::uint32_t choice = size();
    add({.op = Sequence::Op::choose});
    rest_ = inside;
    concatenation(depth + 1);
    if (size() == choice + 1 || !is_certain(choice + 1)) throw Beyond{};
    sequence_.steps_[choice].bit = sequence_.steps_[choice + 1].bit;
    if (how_often != '?') add({.op = Sequence::Op::jump, .target = choice});
    sequence_.steps_[choice].target = size();
    rest_ = after;
  }

  bool is_certain(std::uint32_t at) const {
    return sequence_.steps_[at].op == Sequence::Op::repeat && sequence_.steps_[at].min > 0;
  }

  Bytes atom() {
    const char c = next();
    if (c == '[') return byte_class();
    if (c == '\\') return escape();
    constexpr std::string_view kOthersMeaning = ".|*+?{}()^$]";
    if (kOthersMeaning.find(c) != std::string_view::npos) throw Beyond{};
    return range(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
  }

  Bytes escape() {
    const char c = next();
    if (c == 'd') return kDigits;
    if (c == 'w') return kWord;
    if (kWord[static_cast<unsigned char>(c)]) throw Beyond{};  // a letter or digit with a meaning of its own
    return range(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
  }

  Bytes byte_class() {
    const bool is_negated = take('^');
    Bytes bytes;
    if (rest_.starts_with(']')) throw Beyond{};
    while (!take(']')) {
      const Bytes from = class_member();
      if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        take('-');
        const Bytes to = class_member();
        if (from.count() != 1 || to.count() != 1 || from._Find_first() > to._Find_first()) throw Beyond{};
        bytes |= range(static_cast<unsigned char>(from._Find_first()), static_cast<unsigned char>(to._Find_first()));
      } else {
        bytes |= from;
      }
    }
    return is_negated ? ~bytes : bytes;
  }

  Bytes class_member() {
    const char c = next();
    return c == '\\' ? escape() : range(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
  }

  std::uint32_t number() {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc{} || number > kCountMax) throw Beyond{};
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return number;
  }

  void repeat(const Bytes& bytes) {
    Sequence::Step step{.op = Sequence::Op::repeat};
    if (take('?')) {
      step.min = 0;
    } else if (take('*')) {
      step.min = 0;
      step.max = kUnbounded;
    } else if (take('+')) {
      step.max = kUnbounded;
    } else if (take('{')) {
      step.min = step.max = number();
      if (take(',')) step.max = rest_.starts_with('}') ? kUnbounded : number();
      if (!take('}') || step.max < step.min) throw Beyond{};
    }
    if (rest_.starts_with('?')) throw Beyond{};
    // A character beyond ASCII is several bytes, which only an unbounded number of them can take for one.
    if ((bytes & kBeyondAscii).any() && (step.min > 1 || step.max != kUnbounded)) throw Beyond{};
    step.bit = class_bit(bytes);
    add(step);
  }

  std::uint8_t class_bit(const Bytes& bytes) {
    std::size_t i = 0;
    while (i < known_.size() && known_[i] != bytes) ++i;
    if (i == 8) throw Beyond{};
    const auto bit = static_cast<std::uint8_t>(1 << i);
    if (i < known_.size()) return bit;
    known_.push_back(bytes);
    for (std::size_t c = 0; c < 256; ++c) {
      if (bytes[c]) sequence_.classes_[c] = static_cast<std::uint8_t>(sequence_.classes_[c] | bit);
    }
    return bit;
  }

  void add(const Sequence::Step& step) {
    if (size() >= kStepsMax) throw Beyond{};
    sequence_.steps_.push_back(step);
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(sequence_.steps_.size()); }

  // The bytes that may come at a step; past the last one anything, unless the pattern ends there.
  Bytes may_come_at(std::uint32_t at) const {
    Bytes bytes;
    while (at < size()) {
      const Sequence::Step& step = sequence_.steps_[at];
      if (step.op != Sequence::Op::jump) bytes |= bytes_of(step.bit);
      if (step.op == Sequence::Op::repeat && step.min > 0) return bytes;
      at = step.op == Sequence::Op::repeat ? at + 1 : step.target;
    }
    return sequence_.to_the_end_ ? bytes : ~Bytes();
  }

  Bytes bytes_of(std::uint8_t bit) const {
    std::size_t i = 0;
    while ((1 << i) != bit) ++i;
    return known_[i];
  }

  // A step that may end or go on must not share a byte with what comes after it.
  void require_decided(std::uint32_t at) const {
    const Sequence::Step& step = sequence_.steps_[at];
    if (step.op == Sequence::Op::jump || (step.op == Sequence::Op::repeat && step.min == step.max)) return;
    const Bytes after = may_come_at(step.op == Sequence::Op::choose ? step.target : at + 1);
    if ((after & bytes_of(step.bit)).any()) throw Beyond{};
  }

  std::string_view rest_;
  Sequence& sequence_;
  std::vector<Bytes> known_;  // by bit
};

std::optional<Sequence> Sequence::compile(std::string_view ecma) {
  Sequence sequence;
  try {
    SequenceCompiler(ecma, sequence).run();
  } catch (const SequenceCompiler::Beyond&) {
    return std::nullopt;
  }
  return sequence;
}

// Where the bytes from `at` to `end` are no longer of the class; looked at four at a time.
[[gnu::always_inline]] inline const char* Sequence::end_of_run(const char* at, const char* end,
                                                               std::uint8_t bit) const {
  const auto classes_of = [&](const char* p) { return classes_[static_cast<unsigned char>(*p)]; };
  for (auto fours = (end - at) / 4; fours > 0; --fours, at += 4) {
    if (!(classes_of(at) & classes_of(at + 1) & classes_of(at + 2) & classes_of(at + 3) & bit)) break;
  }
  while (at != end && (classes_of(at) & bit)) ++at;
  return at;
}

bool Sequence::matches(std::string_view text) const {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (is_one_run_) {
    const Step& run = steps_.front();
    return text.size() >= run.min && text.size() <= run.max && end_of_run(at, end, run.bit) == end;
  }
  const Step* const steps = steps_.data();
  const auto is_next_of = [&](const Step* step) {
    return at != end && (classes_[static_cast<unsigned char>(*at)] & step->bit);
  };
  for (const Step *step = steps, *const last = step + steps_.size(); step != last;) {
    switch (step->op) {
      case Op::one:
        if (!is_next_of(step)) return false;
        ++at;
        ++step;
        break;
      case Op::repeat: {
        const auto left = static_cast<std::size_t>(end - at);
        if (left < step->min) return false;
        const char* const least = at + step->min;
        at = end_of_run(at, left < step->max ? end : at + step->max, step->bit);
        if (at < least) return false;
        ++step;
        break;
      }
      case Op::choose:
        step = is_next_of(step) ? step + 1 : steps + step->target;
        break;
      case Op::jump:
        step = steps + step->target;
    }
  }
  return !to_the_end_ || at == end;
}

}  // namespace pipeline::schema
