// Runs a fuzz target over its corpus and a bounded number of mutations of it; any compiler builds it. The n-th input
// depends on the corpus and n alone, so what went wrong is shown again by --only.
//
//   fuzz/<name> CORPUS [--runs N] [--only N]

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/fuzz.hpp"

namespace {

constexpr std::size_t kInputBytesMax = 1 << 16;
constexpr double kTimeMax_s = 1;  // of the processor, for one input: more is a parser that isn't linear

volatile std::sig_atomic_t g_run = 0;  // for the signal handler

// Says which input it was, then dies as it would have.
void report(int signal) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, "input %d: signal %d; --only %d shows it\n",
                                 static_cast<int>(g_run), signal, static_cast<int>(g_run));
  if (write(STDERR_FILENO, text, static_cast<std::size_t>(size)) < 0) _exit(2);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, std::uint64_t run) : corpus_(corpus), random_(run) {}

  std::string input() {
    std::string text = corpus_[below(corpus_.size())];
    for (std::size_t left = 1 + below(6); left > 0; --left) mutate(text);
    if (text.size() > kInputBytesMax) text.resize(kInputBytesMax);
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }

  std::string_view piece(const std::string& text) {
    const std::size_t from = below(text.size());
    return std::string_view(text).substr(from, 1 + below(16));
  }

  void mutate(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(7)) {
      case 0:  // another byte
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 1:  // one bit
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << below(8));
        break;
      case 2:  // a piece less
        text.erase(at, 1 + below(8));
        break;
      case 3:  // a piece of another
        text.insert(at, piece(corpus_[below(corpus_.size())]));
        break;
      case 4:  // a number on the edge
        text.insert(at, kEdges[below(std::size(kEdges))]);
        break;
      case 5: {  // a piece many times: depth and length
        const std::string part(piece(text).substr(0, 1 + below(4)));
        std::string many;
        for (std::size_t left = below(4000); left > 0 && many.size() < kInputBytesMax; --left) many += part;
        text.insert(at, many);
        break;
      }
      default:  // its end gone
        text.resize(at);
    }
  }

  static constexpr std::string_view kEdges[] = {"0",
                                                "-1",
                                                "9223372036854775807",
                                                "18446744073709551616",
                                                "1e400",
                                                "1e-400",
                                                "2147483648",
                                                "\\u0000",
                                                "\xff",
                                                "\r\n",
                                                "\\",
                                                "\"",
                                                "'",
                                                "(",
                                                "]"};

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
  long runs = 20000;
  long only = -1;
  for (int i = 2; i + 1 < argc; i += 2) {
    if (std::string_view(argv[i]) == "--runs") runs = std::atol(argv[i + 1]);
    if (std::string_view(argv[i]) == "--only") only = std::atol(argv[i + 1]);
  }
  const std::vector<std::string> corpus = argc < 2 ? std::vector<std::string>{} : read_corpus(argv[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "usage: %s CORPUS [--runs N] [--only N]\n", argv[0]);
    return 2;
  }
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL}) std::signal(signal, report);

  const long end = only >= 0 ? only + 1 : static_cast<long>(corpus.size()) + runs;
  for (long run = std::max(only, 0L); run < end; ++run) {
    g_run = static_cast<std::sig_atomic_t>(run);
    const auto index = static_cast<std::size_t>(run);
    const std::string input = index < corpus.size() ? corpus[index] : Mutator(corpus, index).input();
    const std::clock_t begun = std::clock();
    fuzz(input);
    if (static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC > kTimeMax_s) {
      std::fprintf(stderr, "input %ld took over a second; --only %ld shows it\n", run, run);
      return 1;
    }
  }
  std::printf("%ld inputs\n", end - std::max(only, 0L));
}
