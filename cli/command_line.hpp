#pragma once
// The verbs as the command line knows them.

#include <memory>

namespace CLI {
class App;
}

namespace cli {

struct Choice;

// Adds every verb to the program's command line. Once that is parsed, run() does what was chosen.
class Verbs {
 public:
  explicit Verbs(CLI::App& app);
  ~Verbs();

  bool was_chosen() const;
  int run();  // the exit status; throws Failed

 private:
  std::unique_ptr<Choice> choice_;
};

}  // namespace cli
