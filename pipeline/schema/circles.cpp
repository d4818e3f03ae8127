// Depth first through what applies to the same value, without recursion.

#include "pipeline/schema/circles.hpp"

namespace pipeline::schema {

namespace {

// The nodes that apply wherever this one does.
std::vector<NodeIndex> neighbours_of(const Program& program, const Node& node) {
  std::vector<NodeIndex> out;
  for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
    const Check& check = program.checks[i];
    switch (check.op) {
      case Op::all_of:
      case Op::any_of:
      case Op::one_of:
        out.insert(out.end(), program.groups[check.a].begin(), program.groups[check.a].end());
        break;
      case Op::negation:
      case Op::reference:
        out.push_back(check.a);
        break;
      case Op::conditional: {
        const ConditionalTable& table = program.conditionals[check.a];
        for (const NodeIndex index : {table.condition, table.then, table.otherwise}) {
          if (index != kNone) out.push_back(index);
        }
        break;
      }
      case Op::dependent_schemas:
        for (const auto& [name, index] : program.dependents_schemas[check.a]) out.push_back(index);
        break;
      default:
        break;
    }
  }
  return out;
}

}  // namespace

bool has_circle(const Program& program) {
  enum class Mark : std::uint8_t { unseen, open, done };
  std::vector<Mark> marks(program.nodes.size(), Mark::unseen);
  struct Open {
    NodeIndex index;
    std::vector<NodeIndex> left;
  };
  std::vector<Open> chain;
  const auto open = [&](NodeIndex index) {
    marks[index] = Mark::open;
    chain.push_back({index, neighbours_of(program, program.nodes[index])});
  };
  for (NodeIndex root = 0; root < program.nodes.size(); ++root) {
    if (marks[root] == Mark::unseen) open(root);
    while (!chain.empty()) {
      if (chain.back().left.empty()) {
        marks[chain.back().index] = Mark::done;
        chain.pop_back();
        continue;
      }
      const NodeIndex next = chain.back().left.back();
      chain.back().left.pop_back();
      if (marks[next] == Mark::open) return true;
      if (marks[next] == Mark::unseen) open(next);
    }
  }
  return false;
}

}  // namespace pipeline::schema
